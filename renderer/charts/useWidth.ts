import { useEffect, useRef, useState, type RefObject } from 'react';

/** Width of the element the ref is put on, in px; 0 before it is measured. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const div = host.current;
    if (!div) return;
    const observer = new ResizeObserver(() => setWidth(div.clientWidth));
    observer.observe(div);
    return () => observer.disconnect();
  }, []);
  return [host, width];
}
