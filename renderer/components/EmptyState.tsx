import { Button } from '@mantine/core';
import type { ComponentType } from 'react';

export interface EmptyStateProps {
  readonly icon: ComponentType<{ size?: number | string }>;
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly onClick: () => void; readonly isDisabled?: boolean };
  readonly secondary?: { readonly label: string; readonly onClick: () => void };
}

/** What this page is for, and the first thing to do. */
export function EmptyState({ icon: Icon, title, text, action, secondary }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <div className="empty-icon" aria-hidden>
        <Icon size={24} />
      </div>
      <h2>{title}</h2>
      <p>{text}</p>
      {action && (
        <Button size="sm" onClick={action.onClick} disabled={action.isDisabled ?? false}>
          {action.label}
        </Button>
      )}
      {secondary && (
        <Button size="sm" variant="default" onClick={secondary.onClick}>
          {secondary.label}
        </Button>
      )}
    </div>
  );
}
