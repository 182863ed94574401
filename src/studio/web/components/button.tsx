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
  /** Why it does nothing now. Unlike a disabled one it can be reached, so that everybody can learn the reason. */
  refusal?: string | undefined
  pressed?: boolean
  /** Shown on hover; needed as the name when there is no text. */
  title?: string
  onClick?: (event: MouseEvent) => void
  submit?: boolean
}

export function Button(props: ButtonProps) {
  const { children, icon, kind = '', small, disabled, refusal, pressed, onClick, submit } = props
  const title = refusal ?? props.title
  const size = small === true ? ' small' : ''
  return (
    <button
      type={submit === true ? 'submit' : 'button'}
      class={`button ${kind}${size}${children === undefined ? ' icon-only' : ''}`}
      disabled={disabled ?? false}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      {...(title !== undefined && { title })}
      {...(children === undefined && { 'aria-label': props.title })}
      {...(refusal !== undefined && { 'aria-disabled': true, 'aria-description': refusal })}
      {...(onClick !== undefined && refusal === undefined && { onClick })}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  )
}
