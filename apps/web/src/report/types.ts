// SPDX-License-Identifier: MIT
// The report as docs/report.md has it. null means absent; minus infinity is null too, beside `silent: true`.

/** A level, a gain or a figure. null: absent, or minus infinity where the object is silent. */
export type Reading = number | null;
/** Readings at even distances, null where there is none. */
export type Series = readonly Reading[];

export const families = ["drums", "bass", "guitars", "keys", "synths", "orchestra", "voice", "effects", "other"] as const;
export type Family = (typeof families)[number];
export type Band = "low" | "mid" | "high" | "effects";
export type AnchorDetector = "peak" | "true-peak" | "vu" | "rms" | "short-term";
export type SoundingDetector = "integrated" | "short-term" | "momentary" | "rms";
export type Reach = "stop" | "limit" | "lower";

export interface Report {
  readonly schema: string;
  readonly gainstage: { readonly version: string; readonly options: Readonly<Record<string, unknown>> | null };
  readonly session: Session;
  readonly tracks: readonly Track[];
  readonly steps: readonly Step[];
  readonly anchor: Anchor | null;
  readonly headroom_cut_db: Reading;
  readonly raise_db: Reading;
  readonly predicted: Predicted | null;
  readonly master: MasterMeasure | null;
  readonly target: Target | null;
  readonly daw: DawSession | null;
  readonly stages: readonly DeskStage[];
  readonly losses: readonly DeskLoss[];
  readonly warnings: readonly Warning[];
  readonly charts: Charts | null;
}

/** The DAW's session that was staged. */
export interface DawSession {
  readonly format: "ardour" | "reaper" | "dawproject";
  readonly file: string;
  readonly written: string | null;
  readonly place: string;
}

/** A stage of its desk that is turned. */
export interface DeskStage {
  readonly stage: string;
  readonly kind: string;
  readonly strip: string;
  readonly from_db: Reading;
  readonly to_db: Reading;
  readonly gain_db: Reading;
  readonly automated: boolean;
  readonly silent: boolean;
  readonly why: string;
}

export interface DeskLoss {
  readonly stage: string;
  readonly gain_db: Reading;
  readonly sentence: string;
}

export interface Session {
  readonly name: string;
  readonly sample_rate_hz: Reading;
  readonly channels: Reading;
  readonly duration_s: Reading;
}

export interface Track {
  readonly name: string;
  readonly role: Role | null;
  readonly gain_db: Reading;
  readonly stages: { readonly nominal_db: Reading; readonly fader_db: Reading } | null;
  readonly total_db: Reading;
  readonly silent: boolean;
  readonly locked: boolean;
  readonly focus: boolean;
  readonly group: string | null;
  readonly sounding: Sounding | null;
  readonly audibility_percent: Reading;
  readonly measure: Taps | null;
  readonly why: string | null;
  readonly confidence: Reading;
}

export interface Role {
  readonly name: string;
  readonly family: Family;
  readonly band: Band;
  readonly confidence: Reading;
  readonly source: "name" | "audio" | "user";
}

export interface Sounding {
  readonly loudness_lufs: Reading;
  readonly seconds: Reading;
  readonly detector: SoundingDetector | null;
  readonly balance_measure_db: Reading;
  readonly target_lu: Reading;
}

export const taps = ["clip", "insert_in", "fader_out"] as const;
export type Tap = (typeof taps)[number];
export type Taps = { readonly [tap in Tap]?: Measure | null };

export interface Step {
  readonly name: string;
  readonly band: Band;
  readonly tracks: readonly string[];
  readonly master: StepReading | null;
}

export interface StepReading {
  readonly sample_peak_dbfs: Reading;
  readonly true_peak_dbtp: Reading;
  readonly integrated_lufs: Reading;
  readonly short_term_max_lufs: Reading;
}

export interface Anchor {
  readonly step: string | null;
  readonly wanted_db: Reading;
  readonly reading_db: Reading;
  readonly detector: AnchorDetector;
}

export interface Predicted {
  readonly integrated_lufs: Reading;
  readonly momentary_max_lufs: Reading;
  readonly short_term_max_lufs: Reading;
  readonly lra_lu: Reading;
  readonly true_peak_dbtp: Reading;
  readonly sample_peak_dbfs: Reading;
  readonly plr_lu: Reading;
}

export interface Measure extends Predicted {
  readonly true_peak_filter: string | null;
  readonly rms_dbfs: Reading;
  readonly vu_max_vu: Reading;
  readonly vu_mean_vu: Reading;
  readonly k_system_db: Reading;
  readonly crest_db: Reading;
  readonly psr_lu: Reading;
  readonly dc_offset_dbfs: Reading;
  readonly noise_floor_dbfs: Reading;
  readonly activity_percent: Reading;
  readonly clipping: Clipping | null;
  readonly stereo: StereoFigures | null;
  readonly non_finite_samples: Reading;
  readonly duration_s: Reading;
  readonly sample_rate_hz: Reading;
  readonly channels: Reading;
  readonly silent: boolean;
}

export interface MasterMeasure extends Measure {
  /** In a dry run: the plan's prediction, not a measure of a file. */
  readonly predicted?: boolean;
}

export interface Clipping {
  readonly runs: number;
  readonly longest_frames: number;
  readonly over_db: Reading;
  readonly places: readonly ClippedRun[];
}

export interface ClippedRun {
  readonly seconds: number;
  readonly channel: number;
  readonly frames: number;
  readonly over_db: Reading;
}

export interface StereoFigures {
  readonly correlation: Reading;
  readonly width: Reading;
  readonly balance_db: Reading;
  readonly mono_loss_db: Reading;
}

export interface Target {
  readonly name: string;
  readonly title?: string;
  readonly integrated_lufs: Reading;
  /** The ceiling. */
  readonly true_peak_dbtp: Reading;
  readonly reached: boolean;
  readonly shortfall_lu: Reading;
  readonly reach: Reach;
  readonly limiting: Limiting | null;
  readonly peaks_from: readonly string[];
  readonly met_by: readonly string[];
  readonly verdict?: string;
  readonly clauses?: readonly Clause[];
}

/** One thing that a destination asks for. */
export interface Clause {
  readonly figure: string | null;
  readonly asked: string;
  readonly measured: Reading;
  readonly unit: string | null;
  readonly result: "pass" | "fail" | "advice" | "not judged" | "does not apply";
  readonly deciding: boolean;
  readonly reason: string | null;
  readonly note: string | null;
}

export interface Limiting {
  readonly max_db: Reading;
  readonly mean_db: Reading;
  readonly active_percent: Reading;
}

export interface Warning {
  readonly code: string;
  readonly track: string | null;
  readonly sentence: string;
  readonly where: { readonly seconds: Reading } | null;
}

export interface Charts {
  readonly loudness: LoudnessChart | null;
  readonly spectrum: SpectrumChart | null;
  readonly stereo: StereoChart | null;
  readonly gain_reduction: { readonly hop_s: number; readonly db: Series } | null;
}

export interface LoudnessChart {
  readonly hop_s: number;
  readonly momentary_lufs: Series;
  readonly short_term_lufs: Series;
}

export interface SpectrumChart {
  readonly bands_hz: readonly number[];
  readonly mix_db: Series;
  readonly target_db: Series | null;
  readonly families: { readonly [family in Family]?: Series };
}

export interface StereoChart {
  readonly correlation: { readonly hop_s: number; readonly values: Series } | null;
  readonly width: { readonly bands_hz: readonly number[]; readonly values: Series } | null;
  readonly vectorscope: { readonly size: number; readonly counts: readonly number[] } | null;
}
