import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import {
  useCallback,
  useEffect,
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
  /** A drawing that fits only when it cannot be read begins at this zoom, around this point at its top. */
  readonly start?: { readonly zoom: number; readonly x: number };
  readonly children: ReactNode;
}

const MAX_ZOOM = 8;

/** An SVG that can be zoomed (Ctrl + wheel, + and − keys, buttons) and moved (drag, arrow keys). */
export function ZoomPane({ width, height, paneHeight, label, start, children }: ZoomPaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const [paneWidth, setPaneWidth] = useState(0);
  const fit = Math.min(1, paneWidth / Math.max(1, width), paneHeight / Math.max(1, height));
  const [view, setView] = useState<View | null>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);

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
        ? { zoom: start.zoom, x: paneWidth / 2 - start.x * start.zoom, y: 0 }
        : fitted,
    [start, paneWidth, fit, fitted],
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
    drag.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return;
    moveBy(event.clientX - drag.current.x, event.clientY - drag.current.y);
    drag.current = { x: event.clientX, y: event.clientY };
  };

  return (
    <div className="chart-zoom" ref={host} style={{ height: paneHeight }}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a drawing that is moved by keys */}
      <svg
        width="100%"
        height={paneHeight}
        role="img"
        aria-label={`${label}. Plus and minus zoom, arrow keys move, 0 fits.`}
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
