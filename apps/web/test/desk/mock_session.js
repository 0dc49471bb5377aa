// SPDX-License-Identifier: MIT
// Sessions by formula, and the state of a desk that has just planned them. Kinds and oddities of strips are all there.

/** @typedef {import("../../src/desk/protocol").Strip} Strip */
/** @typedef {import("../../src/desk/protocol").Session} Session */
/** @typedef {import("../../src/desk/protocol").State} State */
/** @typedef {import("../../src/desk/protocol").StripState} StripState */
/** @typedef {import("../../src/desk/protocol").Role} Role */
/** @typedef {{ name: string, role: string, family: Role["family"], band: Role["band"], bus: number | null }} Part */

/** @type {readonly [string, string, Role["family"], Role["band"], string[]][]} */
const orchestra = [
  ["Drums", "kick", "drums", "low", ["Kick In", "Kick Out", "Kick Sub"]],
  ["Drums", "snare", "drums", "mid", ["Snare Top", "Snare Bottom", "Snare Verb"]],
  ["Drums", "tom", "drums", "mid", ["Tom 1", "Tom 2", "Floor Tom"]],
  ["Drums", "hi-hat", "drums", "high", ["Hi-Hat", "Ride"]],
  ["Drums", "overheads", "drums", "high", ["Overhead L", "Overhead R", "Room Near", "Room Far"]],
  ["Bass", "bass", "bass", "low", ["Bass DI", "Bass Amp", "Synth Bass"]],
  ["Guitars", "electric guitar", "guitars", "mid", ["Gtr Rhythm L", "Gtr Rhythm R", "Gtr Crunch L", "Gtr Crunch R", "Gtr Lead", "Gtr Solo", "Acoustic L", "Acoustic R"]],
  ["Keys", "piano", "keys", "mid", ["Piano L", "Piano R", "Rhodes", "Organ Hi", "Organ Low", "Clav"]],
  ["Synths", "synth pad", "synths", "mid", ["Pad Warm", "Pad Air", "Arp", "Pluck", "Riser"]],
  ["Strings", "strings", "orchestra", "mid", ["Violin I", "Violin II", "Viola", "Cello", "Brass"]],
  ["Vocals", "lead vocal", "voice", "mid", ["Lead Vox", "Lead Double", "Lead Adlib"]],
  ["Vocals", "backing vocal", "voice", "mid", ["BV High L", "BV High R", "BV Low L", "BV Low R", "Choir"]],
  ["Vocals", "effect", "effects", "effects", ["FX Hit", "Vinyl & <noise>"]],
];

/** Between 0 and 1, the same for the same number. @param {number} n */
export const chance = (n) => {
  const x = Math.sin(n * 127.1 + 11.7) * 43758.5453;
  return x - Math.floor(x);
};
/** @param {number} value */
const tenth = (value) => Math.round(value * 10) / 10;

const stemParts = ["Kick", "Snare", "Overheads", "Bass", "Guitar", "Keys", "Lead Vocal", "Backing Vocals"];
/** @type {readonly [string, Role["family"], Role["band"]][]} */
const stemRoles = [
  ["kick", "drums", "low"], ["snare", "drums", "mid"], ["overheads", "drums", "high"], ["bass", "bass", "low"],
  ["electric guitar", "guitars", "mid"], ["piano", "keys", "mid"], ["lead vocal", "voice", "mid"], ["backing vocal", "voice", "mid"],
];

/**
 * @param {8 | 64} count strips of the session
 * @returns {{ session: Session, state: State }}
 */
export function madeSession(count) {
  return count === 8 ? stems() : daw();
}

const duration_s = 184.5;

function stems() {
  /** @type {Strip[]} */
  const strips = stemParts.map((name, i) => ({
    id: `s${i}`, name, kind: "track", channels: i % 3 === 0 ? 1 : 2, track: i, heard: true,
    trim: { db: 0, greatest_db: 20, writable: true, automated: false },
    fader: { db: 0, greatest_db: 6, writable: true, automated: false },
    pan: null, muted: false, feeds: [], vcas: [], inserts: [],
  }));
  const roles = stemRoles.map(([name, family, band], i) => ({ name, family, band, confidence: tenth(0.6 + 0.4 * chance(i)), source: "name" }));
  return made({ name: "late-train", kind: "stems", file: "late-train", strips }, roles);
}

function daw() {
  const buses = ["Drums", "Bass", "Guitars", "Keys", "Synths", "Strings", "Vocals"];
  /** @type {Strip[]} */
  const strips = [];
  /** @type {(Role | null)[]} */
  const roles = [];
  for (const [bus, role, family, band, names] of orchestra) {
    for (const name of names) {
      const i = strips.length;
      strips.push({
        id: `s${i}`, name, kind: "track", channels: 1 + Math.round(chance(i)), track: i, heard: name !== "Riser",
        trim: i % 13 === 5 ? null : { db: tenth(4 * chance(i + 3) - 2), greatest_db: 20, writable: i % 17 !== 3, automated: false },
        fader: { db: tenth(-14 * chance(i + 7) + 2), greatest_db: 6, writable: true, automated: i % 11 === 4 },
        pan: { position: / L$/.test(name) ? -0.7 : / R$/.test(name) ? 0.7 : tenth(0.6 * chance(i) - 0.3), width: 1, automated: i % 19 === 2 },
        muted: name === "Snare Verb", feeds: [`s${52 + buses.indexOf(bus)}`], vcas: bus === "Drums" ? ["v0"] : bus === "Vocals" ? ["v1"] : [],
        inserts: i % 3 === 0 ? [{ name: "Channel EQ", kind: "linear", enabled: true, after_fader: false }, { name: "Compressor", kind: "non_linear", enabled: i % 2 === 0, after_fader: false }] : [],
      });
      roles.push({ name: role, family, band, confidence: tenth(0.5 + 0.5 * chance(i)), source: i % 4 === 0 ? "sound" : "name" });
    }
  }
  for (const name of buses) {
    const i = strips.length;
    strips.push({
      id: `s${i}`, name, kind: i === 54 ? "folder" : "bus", channels: 2, track: null, heard: true,
      trim: null, fader: { db: tenth(-3 * chance(i)), greatest_db: 6, writable: true, automated: false },
      pan: { position: 0, width: 1, automated: false }, muted: false, feeds: ["s59"], vcas: [], inserts: [],
    });
    roles.push(null);
  }
  strips.push({
    id: "s59", name: "Master", kind: "master", channels: 2, track: null, heard: true, trim: null,
    fader: { db: 0, greatest_db: 6, writable: true, automated: false }, pan: null, muted: false, feeds: [], vcas: [],
    inserts: [{ name: "Bus Compressor", kind: "non_linear", enabled: true, after_fader: false }],
  });
  roles.push(null);
  ["Drums VCA", "Vocals VCA", "Band", "All"].forEach((name, i) => {
    strips.push({
      id: `v${i}`, name, kind: "vca", channels: 0, track: null, heard: true, trim: null,
      fader: { db: tenth(-2 * chance(i)), greatest_db: 6, writable: true, automated: false }, pan: null, muted: false,
      feeds: [], vcas: i < 2 ? ["v3"] : [], inserts: [],
    });
    roles.push(null);
  });
  return made({ name: "Glass Mountain", kind: "ardour", file: "Glass Mountain.ardour", strips }, roles);
}

/**
 * @param {Pick<Session, "name" | "kind" | "file" | "strips">} about
 * @param {readonly (Role | null)[]} roles
 * @returns {{ session: Session, state: State }}
 */
function made(about, roles) {
  const { strips } = about;
  const hop_s = 0.5;
  const hops = Math.ceil(duration_s / hop_s);
  const shape = (/** @type {number} */ t) => (t < 8 ? -30 + 2 * t : t > 176 ? -14 - 3 * (t - 176) : t % 48 > 40 ? -19 : -14);
  const peaks = (/** @type {number} */ seed) => Array.from({ length: hops }, (_, i) => tenth(Math.min(-0.2, shape(i * hop_s) + 8 * chance(i + 31 * seed) - 2 + (seed > 0 ? -8 * chance(seed) : 6))));
  const tracks = strips.filter(({ kind }) => kind === "track");
  // Each falls to both sides of a centre of its own.
  const bands = (/** @type {number} */ seed) => Array.from({ length: 31 }, (_, i) => (i > 29 ? null : tenth(-24 - 2 * Math.abs(i - 29 * chance(seed)) - 12 * chance(seed + 7))));
  /** @type {Session} */
  const session = {
    schema: "gainstage.desk/1", ...about, sample_rate_hz: 48000, channels: 2, duration_s,
    overview: { hop_s, peak_dbfs: peaks(0), strips: Object.fromEntries(strips.filter(({ kind }) => kind !== "vca").map(({ id }, i) => [id, peaks(i + 1)])) },
    spectra: Object.fromEntries(tracks.map(({ id }, i) => [id, { fader_out_dbfs: bands(i), in_mix_db: -0.5 }])),
  };
  /** @type {Record<string, StripState>} */
  const states = {};
  strips.forEach(({ id, trim, fader, kind }, i) => {
    const isTrack = kind === "track";
    const loudness = tenth(-30 + 12 * chance(i + 5));
    states[id] = {
      trim_db: trim?.db ?? null, fader_db: fader?.db ?? null, mute: strips[i]?.muted ?? false, solo: false, entered: true,
      role: roles[i] ?? null, lock: i === 3, focus: i === 6, range: i === 4 ? { low_db: -24, high_db: -12 } : null, group: i < 2 && isTrack ? "Kick" : null,
      plan_db: isTrack ? tenth(10 * chance(i + 9) - 6) : null, moved_db: isTrack ? 0 : null,
      clip: isTrack && i % 9 === 2 ? { tap: "insert_in", over_db: 1.2, at_s: 33.25 + i, runs: 4 } : null,
      levels: kind === "vca" ? null : {
        clip: isTrack ? { peak_dbfs: tenth(loudness + 15) } : null,
        insert_in: { peak_dbfs: tenth(loudness + 15), integrated_lufs: loudness, vu_mean_db: tenth(loudness + 19) },
        fader_out: { peak_dbfs: tenth(loudness + 11), integrated_lufs: tenth(loudness - 4), vu_mean_db: tenth(loudness + 15) },
      },
    };
  });
  /** @type {State} */
  const state = {
    phase: "ready", progress: null, failure: null,
    target: { id: "spotify", name: "Spotify", integrated_lufs: -14, ceiling_dbtp: -1 },
    transport: { playing: false, position_s: 0, loop: null },
    monitor: { dim: false, mono: false, tap: null },
    strips: states,
    prediction: {
      integrated_lufs: -15.8, momentary_max_lufs: -10.2, short_term_max_lufs: -12.3, lra_lu: 6.1, true_peak_dbtp: -2.1, true_peak_is: "exact",
      plr_lu: 13.7, meets: false, verdict: "1.8 LU under Spotify's \u221214 LUFS: raise all by 1.1 dB", reachable: true, raise_left_db: 1.1,
    },
    method: { at: null, respect: "lock", steps: steps(strips, states) },
    strength_percent: 0,
    snapshots: { A: "12:01", B: null, C: null, D: null }, snapshot: "A",
    undo: null, redo: null,
    compare: { on: false, blind: false, hears: "after", matched_db: 0, revealed: true },
    save: { dirty: false, saved: [], suggested: { session: about.kind === "stems" ? null : "song-staged.ardour", mix: "song-mix.wav", stems: "song-stems", report: "song-staged.report.html" } },
    job: null,
    notes: [{ code: "clipped", strip: "s2", sentence: "It clips 4 times before its inserts, by up to 1.2 dB.", at_s: 33.25 }],
  };
  return { session, state };
}

/**
 * @param {readonly Strip[]} strips
 * @param {Record<string, StripState>} states
 * @returns {import("../../src/desk/protocol").MethodStep[]}
 */
function steps(strips, states) {
  const inBand = (/** @type {Role["band"]} */ band) => strips.filter(({ id }) => states[id]?.role?.band === band).map(({ id }) => id);
  const master = (/** @type {number} */ loudness) => ({ sample_peak_dbfs: loudness + 12, true_peak_dbtp: loudness + 12.1, integrated_lufs: loudness, short_term_max_lufs: loudness + 3 });
  return [
    { id: "down", name: "Faders down", tracks: [], why: "Everything is silent: what comes in is heard for what it is.", master: null, changed: [] },
    { id: "low", name: "Low end", tracks: inBand("low"), why: "Kick and bass stand at \u221212 dBFS on the master.", master: master(-24.1), changed: inBand("low") },
    { id: "mid", name: "Mids", tracks: inBand("mid"), why: "Each at its level relative to the low end.", master: master(-19.8), changed: [] },
    { id: "high", name: "Highs", tracks: inBand("high"), why: "Highs cut through with little.", master: master(-19.2), changed: [] },
    { id: "effects", name: "Effects", tracks: inBand("effects"), why: "Under what they follow.", master: master(-19), changed: [] },
    { id: "audibility", name: "Audibility", tracks: [], why: "What is masked comes up by as much as it needs.", master: master(-18.7), changed: [] },
    { id: "raise", name: "Raise", tracks: strips.map(({ id }) => id), why: "All faders rise together to \u221214 LUFS.", master: master(-14), changed: [] },
  ];
}
