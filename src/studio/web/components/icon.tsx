// The icons: strokes on a grid of 16, drawn here so that nothing is fetched.
const paths = {
  runs: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  inbox: 'M2 9.5 4 3.5h8l2 6v3.5H2zM2 9.5h3.5l1 1.5h3l1-1.5H14',
  traces: 'M2.5 3.5h7M4.5 8h8M7.5 12.5h6',
  metrics: 'M3 13V8.5M8 13V3M13 13V6.5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.8 10.8 14 14',
  settings:
    'M8 10.2A2.2 2.2 0 1 0 8 5.8a2.2 2.2 0 0 0 0 4.4ZM8 1.8v1.7M8 12.5v1.7M1.8 8h1.7M12.5 8h1.7M3.6 3.6l1.2 1.2M11.2 11.2l1.2 1.2M12.4 3.6l-1.2 1.2M4.8 11.2l-1.2 1.2',
  stop: 'M4.5 4.5h7v7h-7z',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  down: 'M8 3v10M4 9l4 4 4-4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  download: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  upload: 'M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 13.5h11',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9',
  sun: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7Z',
  contrast: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5.5h4.8M8 8.5h6M8 11.5h4',
  language: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c3.4 3.6 3.4 8.4 0 12M8 2c-3.4 3.6-3.4 8.4 0 12',
  tool: 'M9.8 6.200a3 3 0 0 1 3.7-3.500L11.4 4.800l.6 1.6 1.6.5 1.2-1.500a3 3 0 0 1-4.2 3.300L5.2 13.800a1.4 1.4 0 0 1-2-2Z',
  terminal: 'M2.5 4 6 8l-3.5 4M8 12h5.5',
  alert: 'M8 2 14.5 13.500h-13ZM8 6.500v3M8 11.600h.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.500v3.500M8 5.200h.01',
  question: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.2 6.300a1.8 1.8 0 1 1 2.5 1.700c-.5.2-.7.5-.7 1.200M8 11.200h.01',
  thought: 'M5 12.500h6M6 14.300h4M5.7 10.500A4.3 4.3 0 1 1 10.3 10.500v1H5.700Z',
  external: 'M9 2.500h4.500V7M13.5 2.5 7.5 8.500M11.5 9.500v4h-9v-9h4',
  send: 'M8 13V3M3.8 7.2 8 3l4.2 4.2',
  panel: 'M2 3h12v10H2zM10 3v10',
  play: 'M4.5 3v10l8-5Z',
  replay: 'M3 8a5 5 0 1 0 1.600-3.650M4.500 1.800v2.700h2.700',
  end: 'M4 3.500v9l6.500-4.500ZM12.500 3.500v9',
  pause: 'M5 3.500v9M11 3.500v9',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  link: 'M6.5 9.500l3-3M7 4.500l1.5-1.500a2.8 2.8 0 0 1 4 4L11 8.500M9 11.5 7.5 13a2.8 2.8 0 0 1-4-4L5 7.5',
}

export type IconName = keyof typeof paths

/** Decoration only: whoever uses it gives the name in words. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
