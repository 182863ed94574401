// The settings: language and look of this browser; retention, prices and access of this Studio.
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { StudioSettings } from '../../protocol/rest.ts'
import { Button } from '../components/button.tsx'
import { LoadError, Page, Skeleton } from '../components/page.tsx'
import { Tabs } from '../components/tabs.tsx'
import { toast } from '../components/toast.tsx'
import { chooseLanguage, type Language, language, languages } from '../i18n/language.ts'
import { chooseTimeZone, timeZone, timeZones } from '../i18n/time-zone.ts'
import { chooseTheme, theme, themes } from '../theme/theme.ts'
import './pages.css'
import { PriceTable } from './price-table.tsx'
import { RedactPatterns } from './redact-patterns.tsx'
import { settingsWords } from './settings.words.ts'
import { saveSettings, useSettings } from './use-settings.ts'
import { WindowTable } from './window-table.tsx'

export default function Settings(): JSX.Element {
  const words = settingsWords()
  const { settings, error, reload } = useSettings()
  return (
    <Page title={words.title}>
      <div class="settings">
        <Look />
        {settings === undefined &&
          (error === undefined ? <Skeleton rows={4} /> : <LoadError error={error} onRetry={reload} />)}
        {settings !== undefined && <Data settings={settings} />}
        {settings !== undefined && <PriceTable prices={settings.prices ?? {}} />}
        {settings !== undefined && <WindowTable windows={settings.windows ?? {}} />}
        <Privacy settings={settings} />
      </div>
    </Page>
  )
}

function Look(): JSX.Element {
  const words = settingsWords()
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <section>
      <h2 class="part-title">{words.look}</h2>
      <div class="card">
        <Setting name={words.language} hint={words.languageHint}>
          <select
            class="field"
            aria-label={words.language}
            value={language.value}
            onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
          >
            {languages.map(({ id, name }) => (
              <option key={id} value={id} lang={id}>
                {name}
              </option>
            ))}
          </select>
        </Setting>
        <Setting name={words.theme}>
          <Tabs
            label={words.theme}
            tabs={themes.map((id) => ({ id, label: words.themes[id] }))}
            chosen={theme.value}
            onChoose={chooseTheme}
          />
        </Setting>
        <Setting name={words.timeZone}>
          <select
            class="field"
            aria-label={words.timeZone}
            value={timeZone.value ?? ''}
            onChange={(event) => chooseTimeZone(event.currentTarget.value || undefined)}
          >
            <option value="">{words.browserZone(zone)}</option>
            {timeZones().map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Setting>
      </div>
    </section>
  )
}

function Data({ settings }: { settings: StudioSettings }): JSX.Element {
  const words = settingsWords()
  const [days, setDays] = useState(String(settings.retentionDays ?? ''))
  const [megabytes, setMegabytes] = useState(String(settings.retentionMegabytes ?? ''))
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    await saved({ retentionDays: Number(days), retentionMegabytes: Number(megabytes) })
  }
  return (
    <section>
      <h2 class="part-title">{words.data}</h2>
      <form class="card" onSubmit={save}>
        <Setting name={words.retention} hint={words.retentionHint}>
          <Limit
            value={days}
            least={1}
            unit={words.days}
            label={`${words.retention}, ${words.days}`}
            onInput={setDays}
          />
          <Limit
            value={megabytes}
            least={16}
            unit={words.megabytes}
            label={`${words.retention}, ${words.megabytes}`}
            onInput={setMegabytes}
          />
          <Button submit small>
            {words.save}
          </Button>
        </Setting>
        <Setting name={words.where}>
          {settings.data === undefined ? <span class="soft">{words.inMemory}</span> : <code>{settings.data}</code>}
        </Setting>
      </form>
    </section>
  )
}

interface LimitProps {
  value: string
  least: number
  unit: string
  label: string
  onInput(value: string): void
}

function Limit({ value, least, unit, label, onInput }: LimitProps): JSX.Element {
  return (
    <span class="row">
      <input
        class="field short"
        type="number"
        required
        min={least}
        step="1"
        aria-label={label}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {unit}
    </span>
  )
}

function Privacy({ settings }: { settings: StudioSettings | undefined }): JSX.Element {
  const words = settingsWords()
  return (
    <section>
      <h2 class="part-title">{words.privacy}</h2>
      <div class="card">
        <Setting name={words.remote} hint={words.remoteHint}>
          <span class="pill done">{words.blocked}</span>
        </Setting>
        {settings !== undefined && (
          <Setting name={words.redact} hint={words.redactHint}>
            <RedactPatterns patterns={settings.redact ?? []} />
          </Setting>
        )}
        <Setting name={words.token} hint={words.tokenHint}>
          {settings?.token !== undefined && (
            <span class={settings.token ? 'pill done' : 'pill waiting'}>
              {settings.token ? words.guarded : words.open}
            </span>
          )}
        </Setting>
      </div>
    </section>
  )
}

function Setting(props: { name: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="setting">
      <div class="about">
        <h3 class="label">{props.name}</h3>
        {props.hint !== undefined && <p class="hint">{props.hint}</p>}
      </div>
      <div class="row wrap">{props.children}</div>
    </div>
  )
}

async function saved(changes: Partial<StudioSettings>): Promise<void> {
  try {
    await saveSettings(changes)
    toast(settingsWords().saved)
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { isError: true })
  }
}
