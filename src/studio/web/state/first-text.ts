// When the first words of a run stand on the page: what is not needed to read them is loaded behind that.

/** After the words, in milliseconds: their frame is painted, and what they brought along is on its way. */
const behind = 150
/** Words that do not come in so many milliseconds are not waited for. */
const longest = 1_000

let isCalled = false
let resolve: () => void
const words = new Promise<void>((done) => {
  resolve = done
})

/** The first words of the page stand, or it is known that there are none. */
export function textStands(): void {
  if (isCalled) return
  isCalled = true
  setTimeout(resolve, behind)
}

/** Resolves behind the first words of the page; at once when they stand. */
export function firstText(): Promise<void> {
  return Promise.race([words, new Promise<void>((done) => setTimeout(done, longest))])
}
