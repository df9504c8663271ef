import type { Program } from '../program.ts';

export type RealArray = Float32Array | Float64Array;

/** What is fed: real inputs as floats of the program's type, int32 inputs as Int32Array. */
export interface Feed {
  readonly data: RealArray | Int32Array;
  readonly shape: readonly number[];
}

export interface Result {
  readonly data: RealArray;
  readonly shape: readonly number[];
}

/** A program made ready to run many times. */
export interface Compiled {
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Result>>;
}

/** Runs tensor programs; every executor gives the same numbers up to rounding. */
export interface Executor {
  readonly name: string;
  compile(program: Program): Promise<Compiled>;
}
