import type { ComponentType, ReactNode } from 'react';
import './side.css';

interface SideItem {
  readonly id: string;
  readonly title: string;
  readonly detail?: string | undefined;
  /** Right-hand number or word. */
  readonly end?: string | undefined;
  readonly dot?: 'coreset' | 'full' | 'light' | undefined;
  readonly fraction?: number | null | undefined;
  readonly tools?: ReactNode;
}

export interface SideListProps {
  readonly title: string;
  readonly items: readonly SideItem[];
  readonly selectedId?: string | null;
  readonly icon?: ComponentType<{ size?: number; stroke?: number }>;
  readonly empty?: string;
  readonly onOpen: (id: string) => void;
}

/** A titled list of the sidebar: two-line rows, one of them open. */
export function SideList({ title, items, selectedId = null, icon: Icon, empty, onOpen }: SideListProps) {
  if (items.length === 0 && empty === undefined) return null;
  return (
    <section className="side" aria-label={title}>
      <header className="side-head">
        <span>{title}</span>
        {items.length > 1 && <span>{items.length}</span>}
      </header>
      {items.length === 0 && <p className="side-empty">{empty}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.id} className={item.id === selectedId ? 'is-open' : undefined}>
            <button type="button" aria-current={item.id === selectedId} onClick={() => onOpen(item.id)}>
              {Icon && <Icon size={16} stroke={1.4} />}
              {item.dot && <i className={`dot is-${item.dot}`} />}
              <span className="side-words">
                <b>{item.title}</b>
                {item.detail !== undefined && <small>{item.detail}</small>}
                {item.fraction !== undefined && (
                  <progress max={1} value={item.fraction ?? undefined} aria-label="progress" />
                )}
              </span>
              {item.end !== undefined && <span className="side-end">{item.end}</span>}
            </button>
            {item.tools}
          </li>
        ))}
      </ul>
    </section>
  );
}
