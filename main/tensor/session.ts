import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import { AppError } from '../contract/errors.ts';
import { encodeOnnx } from './encode.ts';
import type { OnnxGraph } from './onnxGraph.ts';

export interface SessionOptions {
  /** Intra-op threads; all cores when left out. */
  readonly threads?: number;
  /** Execution provider, see `listProviders`; `cpu` when left out. */
  readonly provider?: string;
  /**
   * Threads wait for work awake for a moment instead of asleep: for callers that come back within microseconds, as
   * training steps do. Off, since waiting threads take cores from other jobs.
   */
  readonly isAwake?: boolean;
  /**
   * Numbers below 1e-38 count as 0. For training: moving averages that decay pass through them, where every operation takes
   * a hundred times as long. The flag holds for the calling thread from then on.
   */
  readonly flushesTiny?: boolean;
  /** Told when `provider` fails and the CPU takes over. */
  readonly onFallback?: (message: string) => void;
}

// Enough for the graphs of a few estimators tuned side by side; the oldest goes first.
const KEEP = 48;
const sessions = new Map<string, Promise<ort.InferenceSession>>();

/**
 * A native session of `graph`. Sessions are cached by what the graph computes, the provider and the threads, so that the
 * hundreds of fits of a search build theirs once.
 */
export function openSession(graph: OnnxGraph, options: SessionOptions = {}): Promise<ort.InferenceSession> {
  return openModel(encodeOnnx(graph), options);
}

/** As `openSession`, for the bytes of a model file. */
export function openModel(bytes: Uint8Array, options: SessionOptions = {}): Promise<ort.InferenceSession> {
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const provider = options.provider ?? 'cpu';
  const key = `${createHash('sha256').update(bytes).digest('base64')} ${provider} ${threads} ${options.isAwake === true} ${options.flushesTiny === true}`;
  const known = sessions.get(key);
  sessions.delete(key);
  const session = known ?? create(bytes, threads, provider, options);
  sessions.set(key, session);
  if (!known) {
    session.catch(() => sessions.delete(key));
    for (const oldest of sessions.keys()) {
      if (sessions.size <= KEEP) break;
      sessions.delete(oldest);
    }
  }
  return session;
}

/** What is said of providers this machine does not have: trying each again for every graph would only cost time. */
const missing = new Map<string, string>();

async function create(
  bytes: Uint8Array,
  threads: number,
  provider: string,
  { isAwake = false, flushesTiny = false, onFallback }: SessionOptions,
): Promise<ort.InferenceSession> {
  const options = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        intra_op: { allow_spinning: isAwake ? '1' : '0' },
        ...(flushesTiny && { set_denormal_as_zero: '1' }),
      },
    },
  } as const;
  if (provider !== 'cpu' && !missing.has(provider)) {
    try {
      // Its own complaint would go to the terminal beside ours.
      const quiet = { ...options, logSeverityLevel: 4 } as const;
      return await ort.InferenceSession.create(bytes, { ...quiet, executionProviders: [nativeName(provider)] });
    } catch (cause) {
      // After the place in the library's source, where there is one.
      const why = (cause instanceof Error ? cause.message : String(cause))
        .split('\n')[0]!
        .replace(/^.*was false\. /, '');
      const message = `Execution provider "${provider}" cannot be used here (${why}); going on with the CPU.`;
      if (/Failed to load|backend not found|No supported adapters/.test(why)) missing.set(provider, message);
      onFallback?.(message);
    }
  } else if (provider !== 'cpu') onFallback?.(missing.get(provider)!);
  try {
    return await ort.InferenceSession.create(bytes, { ...options, executionProviders: ['cpu'] });
  } catch (cause) {
    throw new AppError({
      code: 'TENSOR_PROGRAM_INVALID',
      message: `ONNX Runtime refused a graph: ${cause instanceof Error ? cause.message : String(cause)}`,
      isInput: false,
      cause,
    });
  }
}

/** ONNX Runtime's own name of a provider. */
const nativeName = (provider: string): string => (provider === 'directml' ? 'dml' : provider);

/** Execution providers that come with this build of ONNX Runtime, `cpu` first; one may still fail where it has no device. */
export function listProviders(): readonly string[] {
  const bundled = ort.listSupportedBackends().filter((backend) => backend.bundled);
  const names = bundled.map(({ name }) => (name === 'dml' ? 'directml' : name));
  return ['cpu', ...names.filter((name) => name !== 'cpu')];
}

/** Float32 tensor over `data` (not copied), shape `dims`. */
export const f32 = (data: Float32Array, dims: readonly number[]): ort.Tensor => new ort.Tensor('float32', data, dims);
/** Float64 tensor over `data` (not copied), shape `dims`. */
export const f64 = (data: Float64Array, dims: readonly number[]): ort.Tensor => new ort.Tensor('float64', data, dims);
