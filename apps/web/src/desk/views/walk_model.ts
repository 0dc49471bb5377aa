// SPDX-License-Identifier: MIT
// Where a walk through the method stands.
import type { Method, MethodStep, StepId } from "../protocol";

export interface Walk {
  readonly step: MethodStep | null;
  readonly back: StepId | null;
  /** The step that follows; of no walk the first one; null behind the last. */
  readonly next: StepId | null;
  readonly when: (index: number) => "done" | "now" | "later";
}

export function walk(method: Method | null): Walk {
  const steps = method?.steps ?? [];
  const index = steps.findIndex(({ id }) => id === method?.at);
  return {
    step: steps[index] ?? null,
    back: index < 1 ? null : (steps[index - 1]?.id ?? null),
    next: steps[index + 1]?.id ?? null,
    when: (i) => (i === index ? "now" : i < index ? "done" : "later"),
  };
}
