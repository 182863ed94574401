// The words of the replay bar.
import { dictionary } from '../i18n/dictionary.ts'
import { formatDuration } from '../i18n/format.ts'

export const replayWords = dictionary({
  en: {
    replay: 'Replay',
    replayTitle: 'Play this run again at its own speed',
    bar: 'Replay',
    play: 'Play',
    pause: 'Pause',
    again: 'Play again',
    place: 'Place in the replay',
    placeOf: (at: string, all: string) => `${at} of ${all}`,
    speed: 'Speed',
    times: (speed: number) => `${speed}×`,
    toEnd: 'To the end',
    live: 'Back to live',
    close: 'Close replay',
    shortened: (ms: number) => `A pause of ${formatDuration(ms)}, shortened`,
    loading: 'Loading the journal…',
    readOnly: 'Shown as it stood then. Nothing can be answered in a replay.',
  },
  zh: {
    replay: '回放',
    replayTitle: '按原速重新播放此运行',
    bar: '回放',
    play: '播放',
    pause: '暂停',
    again: '重新播放',
    place: '回放位置',
    placeOf: (at, all) => `${at} / ${all}`,
    speed: '速度',
    times: (speed) => `${speed}×`,
    toEnd: '到末尾',
    live: '回到实时',
    close: '关闭回放',
    shortened: (ms) => `${formatDuration(ms)} 的停顿已缩短`,
    loading: '正在加载日志…',
    readOnly: '此处显示当时的状态，回放中无法回答。',
  },
})
