// Who moves the page: following at the end, leaving readers in peace, and a list of which only a part is there.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { type HotPage, openHotPage } from './hot-page.ts'

declare global {
  interface Window {
    scene: {
      scroller: HTMLElement
      content: HTMLElement
      follow: import('../../../src/studio/web/hot/follow.ts').Follow
      changes: boolean[]
    }
    list: import('../../../src/studio/web/hot/virtual-list.ts').VirtualList
    mountedKeys: () => string[]
  }
}

describeInChromium('the scroll position', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())

  beforeEach(async () => {
    await hot.page.evaluate(async () => {
      document.body.replaceChildren()
      const scroller = document.createElement('div')
      const content = document.createElement('div')
      scroller.tabIndex = 0
      scroller.append(content)
      Object.assign(scroller.style, { height: '400px', overflow: 'auto', position: 'relative' })
      document.body.append(scroller)
      const changes: boolean[] = []
      const follow = new window.hot.Follow(scroller, content, {
        painter: window.hot.painter,
        onChange: (on) => changes.push(on),
      })
      window.scene = { scroller, content, follow, changes }
    })
  })

  const left = () =>
    hot.page.evaluate(
      () => window.scene.scroller.scrollHeight - window.scene.scroller.clientHeight - window.scene.scroller.scrollTop,
    )
  const top = () => hot.page.evaluate(() => window.scene.scroller.scrollTop)
  const following = () => hot.page.evaluate(() => window.scene.follow.following)
  const grow = (rows: number) =>
    hot.page.evaluate(async (rows) => {
      for (let n = 0; n < rows; n += 1) {
        const row = document.createElement('p')
        row.textContent = `row ${n}`
        window.scene.content.append(row)
        if (n % 10 === 0) await window.hot.frame()
      }
      await window.hot.frame()
    }, rows)

  test('stays at the end while it grows', async () => {
    await grow(200)
    expect(await left()).toBeLessThanOrEqual(1)
    expect(await following()).toBe(true)
  })

  test('one pixel of the wheel upwards stops it, and it stays put through 500 more rows', async () => {
    await grow(60)
    await hot.page.mouse.move(100, 100)
    await hot.page.mouse.wheel(0, -1)
    await expect.poll(following).toBe(false)
    const before = await top()
    await grow(500)
    expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1)
    expect(await hot.page.evaluate(() => window.scene.changes)).toEqual([false])
  })

  test('a key upwards stops it, the End key and the button resume it', async () => {
    await grow(60)
    await hot.page.evaluate(() => window.scene.scroller.focus())
    await hot.page.keyboard.press('ArrowUp')
    await expect.poll(following).toBe(false)
    await hot.page.keyboard.press('End')
    await expect.poll(following).toBe(true)
    const settled = hot.page.evaluate(() =>
      new Promise((done) => window.scene.scroller.addEventListener('scrollend', done, { once: true })).then(() => {}),
    )
    await hot.page.keyboard.press('PageUp')
    await expect.poll(following).toBe(false)
    await settled
    await hot.page.evaluate(() => window.scene.follow.resume())
    await grow(20)
    expect(await left()).toBeLessThanOrEqual(1)
  })

  test('dragging the scroll bar up stops it, and reaching the end resumes it', async () => {
    await grow(60)
    await hot.page.evaluate(() => window.scene.scroller.scrollBy(0, -300))
    await expect.poll(following).toBe(false)
    await hot.page.evaluate(() => window.scene.scroller.scrollBy(0, 10_000))
    await expect.poll(following).toBe(true)
  })

  test('content that shrinks does not stop it', async () => {
    await grow(60)
    await hot.page.evaluate(async () => {
      for (const row of [...window.scene.content.children].slice(30)) row.remove()
      await window.hot.frame()
      await window.hot.frame()
    })
    expect(await following()).toBe(true)
    expect(await left()).toBeLessThanOrEqual(1)
  })

  const openList = (count: number) =>
    hot.page.evaluate(async (count) => {
      const { VirtualList, painter, frame } = window.hot
      const { scroller, content, follow } = window.scene
      const mount = (key: string) => {
        const row = document.createElement('div')
        row.dataset['key'] = key
        row.style.height = `${40 + (Number(key) % 7) * 30}px`
        row.textContent = `message ${key}`
        return row
      }
      window.list = new VirtualList({ scroller, element: content, painter, follow, mount })
      window.mountedKeys = () =>
        [...content.querySelectorAll<HTMLElement>('[data-key]')].map((row) => row.dataset['key']!)
      window.list.setRows(Array.from({ length: count }, (_, n) => String(n + 1_000)))
      for (let n = 0; n < 4; n += 1) await frame()
    }, count)

  const firstSeen = () =>
    hot.page.evaluate(() => {
      const edge = window.scene.scroller.getBoundingClientRect().top
      const rows = [...window.scene.content.querySelectorAll<HTMLElement>('[data-key]')]
      const row = rows.find((each) => each.getBoundingClientRect().bottom > edge + 1)
      return { key: row?.dataset['key'], top: Math.round((row?.getBoundingClientRect().top ?? Number.NaN) - edge) }
    })

  test('of 500 messages about sixty are on the page, the last at its end, in order', async () => {
    await openList(500)
    const keys = await hot.page.evaluate(() => window.mountedKeys())
    expect(keys.length).toBeLessThanOrEqual(70)
    expect(keys.at(-1)).toBe('1499')
    expect(keys).toEqual([...keys].sort())
    expect(await left()).toBeLessThanOrEqual(1)
  })

  test('scrolling to the top and back shows every row and lands on the same one', async () => {
    await openList(300)
    const seen = await hot.page.evaluate(async () => {
      const { scroller } = window.scene
      const seen = new Set<string>()
      while (scroller.scrollTop > 0) {
        scroller.scrollTop -= 350
        await window.hot.frame()
        for (const key of window.mountedKeys()) seen.add(key)
      }
      return { count: seen.size, mounted: window.mountedKeys().length }
    })
    expect(seen.count).toBe(300)
    expect(seen.mounted).toBeLessThanOrEqual(70)
    expect(await firstSeen()).toEqual({ key: '1000', top: 0 })
    await hot.page.evaluate(() => window.scene.follow.resume())
    await hot.page.evaluate(() => window.hot.frame())
    await expect.poll(left).toBeLessThanOrEqual(1)
  })

  test('the row being read stays where it is when older ones are loaded', async () => {
    await openList(100)
    await hot.page.evaluate(() => window.list.goTo('1040'))
    const before = await firstSeen()
    expect(before).toEqual({ key: '1040', top: 0 })
    await hot.page.evaluate(async () => {
      window.list.setRows(Array.from({ length: 150 }, (_, n) => String(n + 950)))
      for (let n = 0; n < 4; n += 1) await window.hot.frame()
    })
    expect(await firstSeen()).toEqual(before)
  })

  test('a row that leaves the tail keeps its node, and the new tail stands behind it', async () => {
    await openList(100)
    const found = await hot.page.evaluate(async () => {
      const old = window.list.row('1099')
      window.list.setRows(Array.from({ length: 101 }, (_, n) => String(n + 1_000)))
      await window.hot.frame()
      return { same: window.list.row('1099') === old && old?.isConnected, last: window.mountedKeys().slice(-2) }
    })
    expect(found).toEqual({ same: true, last: ['1099', '1100'] })
  })

  test('nothing went wrong on the page', () => {
    expect(hot.faults.filter((fault) => !fault.includes('ResizeObserver'))).toEqual([])
  })
})
