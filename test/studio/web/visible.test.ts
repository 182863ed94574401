// Marks that nobody sees are shown by their number, unless they only join emoji to one.
import { expect, it } from 'vitest'
import { visible } from '../../../src/studio/web/components/visible.ts'

it('shows directions, zero widths and controls by their number', () => {
  expect(visible('rm \u202e\u200b\u200d\u0007x')).toBe('rm ‹U+202E›‹U+200B›‹U+200D›‹U+0007›x')
})

it('leaves a family, a flag and a hand as they are', () => {
  for (const emoji of ['👩‍👩‍👧', '🏳️‍🌈', '👩🏽‍💻']) expect(visible(emoji)).toBe(emoji)
})

it('does not let a letter hide behind an emoji', () => {
  expect(visible('👩\u200drm')).toBe('👩‹U+200D›rm')
})
