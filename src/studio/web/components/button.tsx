// Buttons: one with words, one with only a picture, which then needs a name.
import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export interface ButtonProps {
  children?: ComponentChildren
  icon?: IconName
  /** `primary` at most once in a group; `danger` for what cannot be undone; `quiet` without a border. */
  kind?: 'primary' | 'danger' | 'quiet' | undefined
  small?: boolean
  disabled?: boolean
  pressed?: boolean
  /** Shown on hover; needed as the name when there is no text. */
  title?: string
  onClick?: (event: MouseEvent) => void
  submit?: boolean
}

export function Button(props: ButtonProps) {
  const { children, icon, kind = '', small, disabled, pressed, title, onClick, submit } = props
  const size = small === true ? ' small' : ''
  return (
    <button
      type={submit === true ? 'submit' : 'button'}
      class={`button ${kind}${size}${children === undefined ? ' icon-only' : ''}`}
      disabled={disabled ?? false}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      {...(title !== undefined && { title })}
      {...(children === undefined && { 'aria-label': title })}
      {...(onClick !== undefined && { onClick })}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  )
}
