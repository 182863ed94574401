// A proxy on loopback for programs whose requests cannot be seen from within: it passes everything on and records it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropic } from '../models/anthropic.ts'
import { dashscope } from '../models/dashscope.ts'
import { gemini } from '../models/gemini.ts'
import { proxy, routes } from '../models/litellm-routes.ts'
import { ollama } from '../models/ollama.ts'
import { openai } from '../models/openai.ts'
import { zhipuai } from '../models/zhipuai.ts'
import { type Recording, type RecordOptions, record } from '../simulator/index.ts'
import { behindProxy } from './record-settings.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface RecordProxy {
  origin: string
  /** The origins behind it, by the first part of the path. */
  upstreams: Record<string, string>
  /** The variables that lead a program here. */
  variables: Record<string, string>
  close(): Promise<void>
}

export async function openRecordProxy(environment: Environment, options: RecordOptions): Promise<RecordProxy> {
  const recording = record(undefined, options)
  const settings = { origin: '', upstreams: {} as Record<string, string> }
  const server = createServer((request, response) => {
    passOn(recording, settings, request, response).catch(() => response.socket?.resetAndDestroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  settings.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const variables = ledThrough(settings, environment)
  const close = async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    recording[Symbol.dispose]()
  }
  return { ...settings, variables, close }
}

/**
 * One variable for each provider whose key or address stands in the environment, and for Ollama, which needs neither. For
 * others none is set: a program may take it for a sign that the provider can be used.
 */
function ledThrough(settings: { origin: string; upstreams: Record<string, string> }, environment: Environment) {
  const variables: Record<string, string> = {}
  const all = [openai, anthropic, gemini, dashscope, zhipuai, ollama, proxy, ...routes.map(({ data }) => data)]
  for (const { keyVariables, baseUrlVariables, defaultBaseUrl, apiVersion, defaultPort } of all) {
    for (const name of baseUrlVariables) {
      const isUsed = defaultPort !== undefined || [name, ...keyVariables].some((each) => environment[each])
      const written = environment[name] || defaultBaseUrl
      const address = written.includes('://') ? written : `http://${written}`
      if (!isUsed || name in variables || written === '' || !URL.canParse(address)) continue
      const url = new URL(address)
      settings.upstreams[name] = url.origin
      // A client appends its version itself, unless the address that was written has one.
      const path = environment[name] ? url.pathname : url.pathname.replace(new RegExp(`/${apiVersion}/?$`), '')
      variables[name] = `${settings.origin}/${name}${path}`.replace(/\/+$/, '')
    }
  }
  return variables
}

/** Headers that belong to one connection, and what says how long or how packed the body was on its way here. */
const hopByHop =
  /^(?:connection|content-encoding|content-length|expect|host|keep-alive|proxy-\w+|te|trailer|transfer-encoding|upgrade)$/

async function passOn(
  recording: Recording,
  settings: { origin: string; upstreams: Record<string, string> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController()
  response.on('close', () => left.abort())
  response.on('error', () => left.abort())
  const url = behindProxy(new URL(request.url ?? '/', settings.origin), settings)
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  const method = request.method ?? 'GET'
  const answer = await recording(url, {
    method,
    headers: passedHeaders(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    ...(method !== 'GET' && method !== 'HEAD' && { body: Buffer.concat(chunks) }),
    redirect: 'manual',
    signal: left.signal,
  })
  response.writeHead(answer.status, Object.fromEntries(passedHeaders([...answer.headers])))
  response.flushHeaders()
  for await (const bytes of answer.body ?? []) {
    if (!response.write(bytes)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

function passedHeaders(headers: [string, string][]): [string, string][] {
  return headers.filter(([name]) => !hopByHop.test(name))
}
