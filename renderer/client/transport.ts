import type { EngineEvent } from '../../main/contract/channels.ts';
import type { Reply } from '../../main/contract/wire.ts';

/** How the page reaches the engine: through the shell's preload, or through the web host's socket. */
export interface Transport {
  call(channel: string, payload: unknown): Promise<Reply>;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** Whether the engine can be reached; called at once with the present state. */
  onConnection(listener: (isConnected: boolean) => void): () => void;
}
