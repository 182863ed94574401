// What a program says about its Studio: each of two things once, then it is silent.

export interface StudioWarnings {
  away(why: string): void
  /** It is reached, but not by a WebSocket. */
  byPosts(why: string): void
}

/** `shown`: the address for people, without the token. */
export function studioWarnings(shown: string, warn: (text: string) => void = emit): StudioWarnings {
  const told = new Set<'away' | 'posts'>()
  const once = (what: 'away' | 'posts', text: string) => {
    if (told.has(what)) return
    told.add(what)
    warn(`Studio at ${shown} ${text}`)
  }
  return {
    away: (why) => {
      const is = /\b401$/.test(why) ? 'wants its token, as it printed it (#token=...)' : `is away (${why})`
      once('away', `${is}. The program goes on; what it says is sent when Studio takes it.`)
    },
    byPosts: (why) => once('posts', `is reached by HTTP requests: no WebSocket gets through (${why}).`),
  }
}

/** The run of this program was deleted in its Studio. */
export function warnDeleted(warn: (text: string) => void = emit): void {
  warn('The run of this program was deleted in Studio. The program goes on; nothing more of it is kept there.')
}

function emit(text: string): void {
  process.emitWarning(text, { code: 'AGENTSCOPE_STUDIO' })
}
