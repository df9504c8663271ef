/** The part of WebAssembly that we use; TypeScript keeps its types in the DOM library, which the engine does not see. */
// oxlint-disable typescript/no-extraneous-class -- declarations of what the platform has
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBufferLike;
    grow(pages: number): number;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
