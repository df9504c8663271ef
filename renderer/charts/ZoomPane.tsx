import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';

interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface ZoomPaneProps {
  /** Size of the drawing in its own units. */
  readonly width: number;
  readonly height: number;
  /** Height on screen; the drawing is fitted to the width, and never enlarged beyond 1 : 1 by the fit. */
  readonly paneHeight: number;
  readonly label: string;
  /** A drawing that fits only when it cannot be read begins at this zoom, with this point half-way down its left edge. */
  readonly start?: { readonly zoom: number; readonly x: number; readonly y: number };
  /** Stays where it is on screen when the drawing moves it, and is brought into view when it becomes another. */
  readonly focus?: { readonly id: number; readonly x: number; readonly y: number };
  /** Keys that mean something to the drawing; true when it took the key. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly keysHelp?: string;
  readonly children: ReactNode;
}

const MAX_ZOOM = 8;
/** A press that moves less is a click, px. */
const DRAG_FROM = 4;
/** Room kept around the focus when it is brought into view, px. */
const REVEAL_MARGIN = 80;

/** An SVG that can be zoomed (Ctrl + wheel, + and − keys, buttons) and moved (drag, arrow keys). */
export function ZoomPane(props: ZoomPaneProps) {
  const { width, height, paneHeight, label, start, focus, onKey, children } = props;
  const host = useRef<HTMLDivElement>(null);
  const [paneWidth, setPaneWidth] = useState(0);
  const fit = Math.min(1, paneWidth / Math.max(1, width), paneHeight / Math.max(1, height));
  const [view, setView] = useState<View | null>(null);
  const drag = useRef<{ x: number; y: number; hasMoved: boolean } | null>(null);
  const lastFocus = useRef(focus);

  const fitted = useMemo(
    (): View => ({
      zoom: fit,
      x: Math.max(0, (paneWidth - width * fit) / 2),
      y: Math.max(0, (paneHeight - height * fit) / 2),
    }),
    [fit, paneWidth, paneHeight, width, height],
  );
  const begun = useMemo(
    (): View =>
      start && paneWidth > 0 && fit < start.zoom
        ? { zoom: start.zoom, x: -start.x * start.zoom, y: paneHeight / 2 - start.y * start.zoom }
        : fitted,
    [start, paneWidth, paneHeight, fit, fitted],
  );
  const shown = view ?? begun;
  const zoomBy = useCallback(
    (factor: number, atX: number, atY: number) =>
      setView((was) => {
        const v = was ?? begun;
        const zoom = Math.min(MAX_ZOOM, Math.max(fitted.zoom * 0.5, v.zoom * factor));
        const k = zoom / v.zoom;
        return { zoom, x: atX - (atX - v.x) * k, y: atY - (atY - v.y) * k };
      }),
    [fitted, begun],
  );
  const moveBy = (dx: number, dy: number) =>
    setView((was) => {
      const v = was ?? begun;
      return { ...v, x: v.x + dx, y: v.y + dy };
    });

  useLayoutEffect(() => {
    const was = lastFocus.current;
    lastFocus.current = focus;
    if (!focus || !was || paneWidth === 0 || (was.id === focus.id && was.x === focus.x && was.y === focus.y)) return;
    setView((old) => {
      const v = old ?? begun;
      const hold = { ...v, x: v.x + (was.x - focus.x) * v.zoom, y: v.y + (was.y - focus.y) * v.zoom };
      return was.id === focus.id ? hold : revealed(v, focus, paneWidth, paneHeight);
    });
  }, [focus, begun, paneWidth, paneHeight]);
  useEffect(() => {
    const div = host.current;
    if (!div) return;
    const observer = new ResizeObserver(() => setPaneWidth(div.clientWidth));
    observer.observe(div);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const div = host.current;
    if (!div) return;
    // React's wheel listener is passive; zooming has to keep the page still.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = div.getBoundingClientRect();
      zoomBy(Math.exp(-event.deltaY * 0.004), event.clientX - box.left, event.clientY - box.top);
    };
    div.addEventListener('wheel', onWheel, { passive: false });
    return () => div.removeEventListener('wheel', onWheel);
  }, [zoomBy]);

  const centreZoom = (factor: number) => zoomBy(factor, paneWidth / 2, paneHeight / 2);

  const onKeyDown = (event: KeyboardEvent) => {
    if (onKey?.(event)) return event.preventDefault();
    const moves: Record<string, () => void> = {
      '+': () => centreZoom(1.4),
      '=': () => centreZoom(1.4),
      '-': () => centreZoom(1 / 1.4),
      '0': () => setView(fitted),
      ArrowLeft: () => moveBy(60, 0),
      ArrowRight: () => moveBy(-60, 0),
      ArrowUp: () => moveBy(0, 60),
      ArrowDown: () => moveBy(0, -60),
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  const onPointerDown = (event: PointerEvent) => {
    drag.current = { x: event.clientX, y: event.clientY, hasMoved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = drag.current;
    if (!from || event.buttons === 0) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.hasMoved && Math.hypot(dx, dy) < DRAG_FROM) return;
    // Only a drag is captured: a click belongs to what was clicked.
    if (!from.hasMoved) event.currentTarget.setPointerCapture(event.pointerId);
    moveBy(dx, dy);
    drag.current = { x: event.clientX, y: event.clientY, hasMoved: true };
  };

  return (
    <div className="chart-zoom" ref={host} style={{ height: paneHeight }}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a drawing that is moved by keys */}
      <svg
        width="100%"
        height={paneHeight}
        role="img"
        aria-label={`${label}. Plus and minus zoom, arrow keys move, 0 fits.${props.keysHelp ? ` ${props.keysHelp}` : ''}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a drawing that is moved by keys
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => (drag.current = null)}
        onPointerCancel={() => (drag.current = null)}
      >
        {paneWidth > 0 && <g transform={`translate(${shown.x} ${shown.y}) scale(${shown.zoom})`}>{children}</g>}
      </svg>
      <div className="chart-zoom-buttons">
        <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => centreZoom(1.4)}>
          <IconPlus size={14} stroke={1.4} />
        </button>
        <button type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => centreZoom(1 / 1.4)}>
          <IconMinus size={14} stroke={1.4} />
        </button>
        <button type="button" aria-label="Fit" title="Fit (0)" onClick={() => setView(fitted)}>
          <IconMaximize size={14} stroke={1.4} />
        </button>
      </div>
    </div>
  );
}

/** The view moved by as little as brings `point` into the pane, with some room around it. */
function revealed(v: View, point: { readonly x: number; readonly y: number }, width: number, height: number): View {
  const shift = (at: number, size: number) => {
    const margin = Math.min(REVEAL_MARGIN, size / 3);
    return at < margin ? margin - at : at > size - margin ? size - margin - at : 0;
  };
  return {
    ...v,
    x: v.x + shift(v.x + point.x * v.zoom, width),
    y: v.y + shift(v.y + point.y * v.zoom, height),
  };
}
