import { onThemeChange } from './preferences';

let probe: HTMLElement | undefined;
const cache = new Map<string, string>();
onThemeChange(() => cache.clear());

/** The current theme's value of a colour token, for canvas code: `token('--st-success')`. */
export function token(name: string): string {
  const known = cache.get(name);
  if (known) return known;
  if (!probe) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${name})`;
  const value = getComputedStyle(probe).color;
  cache.set(name, value);
  return value;
}

export function canvasFont(size: number, weight = 420): string {
  return `${weight} ${size}px 'Inter Variable', Inter, system-ui, sans-serif`;
}
