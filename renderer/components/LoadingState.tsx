import { Loader } from '@mantine/core';

/** Says what is being read; shown only when it takes longer than a blink. */
export function LoadingState({ label }: { readonly label: string }) {
  return (
    <div className="loading-state" role="status" aria-live="polite">
      <Loader size={16} />
      <span>{label}…</span>
    </div>
  );
}
