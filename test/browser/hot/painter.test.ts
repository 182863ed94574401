// One paint per frame for everybody; in a hidden tab a slow timer, and one frame on return.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { type HotPage, openHotPage } from './hot-page.ts'

describeInChromium('the painter', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())

  test('a job asked for a thousand times runs once, before the scroll jobs, and one that throws stops no other', async () => {
    const ran = await hot.page.evaluate(async () => {
      const painter = new window.hot.Painter()
      const ran: string[] = []
      const job = () => ran.push('paint')
      painter.request(() => ran.push('scroll'), 'scroll')
      painter.request(() => {
        throw new Error('a fault of the test')
      })
      for (let n = 0; n < 1_000; n += 1) painter.request(job)
      await window.hot.frame()
      painter.close()
      return ran
    })
    expect(ran).toEqual(['paint', 'scroll'])
    expect(hot.faults).toEqual(['a fault of the test'])
  })

  test('hidden, it paints with a timer; on return everything is there in one frame', async () => {
    const ran = await hot.page.evaluate(async () => {
      let hidden = true
      Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true })
      const painter = new window.hot.Painter()
      let paints = 0
      const start = performance.now()
      await new Promise<void>((done) => painter.request(() => done()))
      const waited = performance.now() - start
      painter.request(() => {
        paints += 1
      })
      hidden = false
      document.dispatchEvent(new Event('visibilitychange'))
      await window.hot.frame()
      painter.close()
      return { waited, paints }
    })
    expect(ran.waited).toBeGreaterThan(500)
    expect(ran.paints).toBe(1)
  })
})
