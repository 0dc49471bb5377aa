// SPDX-License-Identifier: MIT
// The spectrum of the mix by thirds of an octave against the tonal balance aimed at, and of every family.
import { bands, type BandSeries, familyDash } from "../charts/bands";
import { present } from "../charts/chart";
import { h, s } from "../base/dom";
import { frequency, quantity } from "../base/format";
import { dataTable, section, toggle } from "../base/parts";
import { families, type Charts, type SpectrumChart } from "./types";

export function spectrumView(charts: Charts): HTMLElement {
  const title = "Spectrum and tonal balance";
  const data = charts.spectrum;
  if (data === null || present(data.mix_db).length === 0) {
    return section({ id: "spectrum", title, className: "wide" }, h("p", { class: "empty" }, "No band of the mix holds any energy."));
  }
  const all: Omit<BandSeries, "isShown">[] = [
    { name: "mix", values: data.mix_db, kind: "main" },
    ...(data.target_db === null ? [] : [{ name: "tonal balance target", values: data.target_db, kind: "target" as const }]),
    ...families.flatMap((family) => (data.families[family] === undefined ? [] : [{ name: family, values: data.families[family], kind: "family" as const, family }])),
  ];
  const hidden = new Set<string>();
  const chart = bands(440, title);
  const update = (): void => {
    chart.update({
      bands_hz: data.bands_hz,
      axis: "dB re full scale",
      unit: "dB",
      decimals: 1,
      range: rangeOf(data),
      series: all.map((series) => ({ ...series, isShown: !hidden.has(series.name) })),
    });
  };
  update();
  const legend = all.map((series) =>
    toggle(
      true,
      (isOn) => {
        if (isOn) hidden.delete(series.name);
        else hidden.add(series.name);
        update();
      },
      s(
        "svg",
        { class: "key", viewBox: "0 0 24 10", "aria-hidden": "true" },
        s("path", { d: "M0 5H24", class: `band-line band-${series.kind}`, "data-family": series.family, "stroke-dasharray": series.family === undefined ? null : familyDash(series.family) }),
      ),
      series.name,
    ),
  );
  const rows = data.bands_hz.map((hz, i) => [frequency(hz), ...all.map((series) => quantity(series.values[i], "dB"))]);
  return section(
    { id: "spectrum", title, className: "wide", lead: lead(data) },
    h("div", { class: "choices legend", role: "group", "aria-label": "Spectra shown" }, legend),
    chart.element,
    deviation(data),
    dataTable("Spectrum as a table", "Mean power of each third of an octave", [{ title: "Band" }, ...all.map((series) => ({ title: series.name, isNumber: true }))], rows),
  );
}

function lead(data: SpectrumChart): string {
  const apart = differences(data).flatMap((value, i) => (value === null ? [] : [{ hz: data.bands_hz[i] ?? 0, value }]));
  const worst = apart.filter(({ hz }) => hz >= 40 && hz <= 16000).sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  const what = "Mean power by thirds of an octave.";
  if (worst === undefined) return what;
  return `${what} From 40 Hz to 16 kHz the mix stands farthest from the target at ${frequency(worst.hz)}, ${quantity(worst.value, "dB", { sign: "always" })}.`;
}

function differences(data: SpectrumChart): (number | null)[] {
  return data.bands_hz.map((_, i) => {
    const mix = data.mix_db[i] ?? null;
    const target = data.target_db?.[i] ?? null;
    return mix === null || target === null ? null : mix - target;
  });
}

/** Mix less target, as bars. */
function deviation(data: SpectrumChart): HTMLElement | null {
  const values = differences(data);
  const inside = present(values);
  if (inside.length === 0) return null;
  const reach = Math.min(24, Math.max(6, Math.ceil(Math.max(...inside.map(Math.abs)) / 6) * 6));
  const chart = bands(150, "Mix less tonal balance target");
  chart.update({ bands_hz: data.bands_hz, axis: "mix \u2212 target, dB", unit: "dB", decimals: 1, range: [-reach, reach], series: [{ name: "mix \u2212 target", values, kind: "bars", isShown: true }] });
  return chart.element;
}

/** 60 dB under the loudest band at most; what lies lower does not matter to the ear. */
function rangeOf(data: SpectrumChart): [number, number] {
  const seen = present([...data.mix_db, ...(data.target_db ?? [])]);
  const high = Math.ceil((Math.max(...seen) + 1) / 6) * 6;
  return [Math.max(high - 60, Math.floor((Math.min(...seen) - 6) / 6) * 6), high];
}
