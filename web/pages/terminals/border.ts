import type { Box, Split } from './layout.ts';

const step = 0.02;

/** Arrow keys move a border a little, Home and End as far as it goes. */
export function borderKeys(event: KeyboardEvent, { way, at }: Split, move: (at: number) => void): void {
  const [less, more] = way === 'right' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const to = { [less]: at - step, [more]: at + step, Home: 0, End: 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  move(to);
}

interface Drag {
  readonly way: Split['way'];
  readonly within: Box;
  readonly area: HTMLElement;
  readonly move: (at: number) => void;
}

/** Follows the pointer until it is let go. */
export function draggedTo(event: PointerEvent, { way, within, area, move }: Drag): void {
  const border = event.currentTarget as HTMLElement;
  event.preventDefault();
  border.setPointerCapture(event.pointerId);
  const moved = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = area.getBoundingClientRect();
    const share = way === 'right' ? ((clientX - left) / width) * 100 - within.left : ((clientY - top) / height) * 100 - within.top;
    move(share / (way === 'right' ? within.width : within.height));
  };
  border.addEventListener('pointermove', moved);
  border.addEventListener('lostpointercapture', () => border.removeEventListener('pointermove', moved), { once: true });
}
