import type { Address } from 'viem'

const watchLines = (accounts: readonly Address[]): string => {
  if (accounts.length === 0) return 'watch: []\n#  - { account: "0x…", label: treasury, receivers: [me] }'
  return ['watch:', ...accounts.map((account) => `  - { account: "${account}" }`)].join('\n')
}

/** The text of a new plimsoll.yaml: valid as it is, everything explained beside it. */
export const configTemplate = (
  accounts: readonly Address[],
): string => `# Plimsoll. "plimsoll config check" says what is wrong, with lines; "plimsoll config schema" helps editors.

store: { file: ./plimsoll.db }    # historyDays: 90 keeps the past for so long

chains:
  - id: 1                         # Ethereum; name and block time come from viem's list of chains
    # rpc: ["\${ETH_RPC_URL}"]     # in order of preference; left out: a public endpoint, good enough to try
    follow: watched               # watched: only the accounts below. book: every borrower (needs an endpoint that serves logs)
    markets: all                  # or a list of names: [aave-v3:core, aave-v3:spark]

${watchLines(accounts)}

receivers:
  - { name: me, console: true }   # alerts as lines on stdout of "plimsoll watch"
  # - { name: hook, webhook: { url: "\${HOOK_URL}", secret: "\${HOOK_SECRET}" } }
  # - { name: chat, telegram: { botToken: "\${BOT_TOKEN}", chatId: -100123 }, minSeverity: warning }
  # - { name: room, discord: { url: "\${DISCORD_URL}" } }    # or slack: { url: "\${SLACK_URL}" }
  # - { name: mail, email: { host: smtp.example.org, user: me, password: "\${SMTP_PASSWORD}", from: me@example.org, to: me@example.org } }
  # - { name: phone, ntfy: { topic: a-name-that-nobody-guesses } }
  # - { name: duty, pagerduty: { routingKey: "\${ROUTING_KEY}" }, minSeverity: critical }
  # - { name: lines, stdout: true }   # JSON, one message a line; "plimsoll receivers test NAME" tries any of them

# notify:                        # what is told again, to whom next; left out: critical every 4 hours, warning once a day
#  repeatSeconds: { critical: 3600 }
#  escalate: [{ afterSeconds: 900, severity: critical, receivers: [hook] }]   # where nobody says "plimsoll alerts ack"
# digest: { cron: "0 8 * * *", timezone: Europe/Berlin }          # a summary of the watched loans, every day
# deadMansSwitch: { url: "https://…", everySeconds: 60 }          # pinged while all is well: its silence says that it is not
# oracles:                        # how often a feed speaks at least; left out: learnt in a week, 25 hours until then
#  - { asset: WETH, heartbeatSeconds: 3600 }

# server:                         # HTTP for programs: what it serves is told at /docs; Prometheus reads /metrics
#  token: "\${PLIMSOLL_TOKEN}"    # without one only this machine may read, and nothing may be changed over HTTP
#  tokens: [{ name: bot, token: "\${BOT_API_TOKEN}", scope: read }]

# rules:                          # left out: built-in rules (near liquidation below 1.10, critical below 1.03, liquidatable, unknown)
#  - name: NearLiquidation
#    severity: warning
#    when: "healthFactor < 1.10"
#    until: "healthFactor > 1.15"
#    annotations: { summary: "{{ owner }} is at {{ healthFactor }}" }

# groups:                         # assets that move together, by symbol or address; left out: as far as their oracles tell
#  - { name: ETH, assets: [WETH, wstETH, "0x…"] }
#  - { name: dollars, assets: [USDC, USDe], stable: true }   # stable: within 2 % of a US dollar, where nothing is said
`
