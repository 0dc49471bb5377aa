// SPDX-License-Identifier: MIT
// The buffer between the network and the sound card: fills to a lead, slides to keep it, says when it ran dry.

/** Faster or slower than this is heard as a change of pitch; so much is not. */
const slide = 0.002;
/** Frames over which sound fades in after silence and out when it runs dry. */
const fadeFrames = 96;

/** Stereo blocks in, planar blocks out, at another rate if need be. Never allocates once made. */
export class Ring {
  readonly #left: Float32Array;
  readonly #right: Float32Array;
  readonly #mask: number;
  #write = 0;
  /** Of the frame that is read next; its fraction is kept apart, so that whole frames are passed on untouched. */
  #read = 0;
  #fraction = 0;
  #isRunning = false;
  #isWanted = false;
  #faded = 0;
  #lastLeft = 0;
  #lastRight = 0;
  #correction = 0;
  underruns = 0;

  /**
   * @param lead how full the buffer is to be, frames; may be changed at any time
   * @param ratio frames read for each that is written out: 1 where both sides have one rate
   */
  constructor(
    capacity: number,
    public lead: number,
    readonly ratio: number,
  ) {
    const size = 2 ** Math.ceil(Math.log2(capacity));
    this.#left = new Float32Array(size);
    this.#right = new Float32Array(size);
    this.#mask = size - 1;
  }

  /** Frames that wait. */
  get fill(): number {
    return this.#write - this.#read;
  }

  /** Takes in interleaved stereo. What no longer fits pushes out the oldest. */
  push(samples: Float32Array, isPlaying: boolean): void {
    const frames = samples.length >> 1;
    for (let i = 0; i < frames; ++i) {
      const at = (this.#write + i) & this.#mask;
      this.#left[at] = samples[2 * i] ?? 0;
      this.#right[at] = samples[2 * i + 1] ?? 0;
    }
    this.#write += frames;
    if (this.fill > this.#mask) {
      this.#read = this.#write - this.lead;
      this.#fraction = 0;
      this.#faded = 0;
    }
    this.#isWanted = isPlaying;
  }

  /** Whether sound is expected: running dry counts only then. */
  expect(isPlaying: boolean): void {
    this.#isWanted = isPlaying;
  }

  /** Writes a block, silence where there is nothing. */
  pull(left: Float32Array, right: Float32Array): void {
    const frames = left.length;
    if (!this.#isRunning) {
      // What is left of a sound that ended is played without waiting for more.
      if (this.fill < this.lead && (this.#isWanted || this.fill < frames * this.ratio + 2)) {
        this.#decay(left, right, 0);
        return;
      }
      this.#isRunning = true;
      this.#faded = 0;
    }
    this.#steer();
    const step = this.ratio * (1 + this.#correction);
    let i = 0;
    for (; i < frames; ++i) {
      if (this.fill < (step === 1 && this.#fraction === 0 ? 1 : 3)) break;
      this.#next(step);
      if (this.#faded < fadeFrames) {
        const gain = ++this.#faded / fadeFrames;
        this.#lastLeft *= gain;
        this.#lastRight *= gain;
      }
      left[i] = this.#lastLeft;
      right[i] = this.#lastRight;
    }
    if (i === frames) return;
    this.#isRunning = false;
    if (this.#isWanted) ++this.underruns;
    this.#decay(left, right, i);
  }

  /** Slides when the fill has wandered far from the lead, until it is back. */
  #steer(): void {
    const off = this.fill / this.lead;
    if (off > 2.5 && this.fill - this.lead > 1024) this.#correction = slide;
    else if (off < 0.25 && this.#isWanted) this.#correction = -slide;
    else if ((this.#correction > 0 && off <= 1.25) || (this.#correction < 0 && off >= 0.75)) {
      this.#correction = 0;
      if (this.ratio === 1) this.#fraction = 0;
    }
  }

  #next(step: number): void {
    const at = this.#read;
    if (step === 1 && this.#fraction === 0) {
      this.#lastLeft = this.#left[at & this.#mask] ?? 0;
      this.#lastRight = this.#right[at & this.#mask] ?? 0;
      ++this.#read;
      return;
    }
    this.#lastLeft = hermite(this.#left, at, this.#mask, this.#fraction);
    this.#lastRight = hermite(this.#right, at, this.#mask, this.#fraction);
    this.#fraction += step;
    const whole = Math.floor(this.#fraction);
    this.#read += whole;
    this.#fraction -= whole;
  }

  #decay(left: Float32Array, right: Float32Array, from: number): void {
    for (let i = from; i < left.length; ++i) {
      this.#lastLeft *= 0.95;
      this.#lastRight *= 0.95;
      left[i] = Math.abs(this.#lastLeft) < 1e-6 ? 0 : this.#lastLeft;
      right[i] = Math.abs(this.#lastRight) < 1e-6 ? 0 : this.#lastRight;
    }
  }
}

/** Cubic Hermite (Catmull-Rom) between the frames `at` and `at + 1`. */
function hermite(x: Float32Array, at: number, mask: number, t: number): number {
  const a = x[(at - 1) & mask] ?? 0;
  const b = x[at & mask] ?? 0;
  const c = x[(at + 1) & mask] ?? 0;
  const d = x[(at + 2) & mask] ?? 0;
  const slope = 0.5 * (c - a);
  const curve = a - 2.5 * b + 2 * c - 0.5 * d;
  const twist = 0.5 * (d - a) + 1.5 * (b - c);
  return ((twist * t + curve) * t + slope) * t + b;
}
