// The shapes that readmit's pages show. Types only: nothing loads this file.

/**
 * One step a person can take (explain.Button).
 * @typedef {object} Button
 * @property {string} action
 * @property {number} [step]  number in the plan; absent when it is no step of it
 * @property {string} label
 * @property {string} [url]   https, or http on this computer; never taken from the page
 */

/**
 * One refusal, or one fault of readmit itself, in sentences (explain.View).
 * @typedef {object} View
 * @property {string} [incidentId]
 * @property {number} [status]
 * @property {string} [site]           host[:port]
 * @property {string} [cause]
 * @property {string} [fault]          an error code when readmit itself is at fault
 * @property {"sure" | "likely" | "unsure"} certainty
 * @property {string} certaintyText
 * @property {string} title
 * @property {string} summary
 * @property {string[]} [why]
 * @property {Button} main
 * @property {Button | null} [second]
 * @property {Button[]} [other]
 * @property {Button} help
 * @property {string[]} [notes]        to know before the main step
 * @property {string[]} [forIt]
 * @property {string} [supportCode]
 * @property {string} [closed]         how the incident ended
 * @property {string} badge
 * @property {string} actionTitle
 */

/**
 * One "always here".
 * @typedef {object} Standing
 * @property {string} id
 * @property {{origin: string, realm: string, scheme: string}} space
 * @property {string} account
 * @property {string} used  RFC 3339
 */

/**
 * What a site keeps in the browser, and which grade of clearing to choose first.
 * @typedef {object} Inventory
 * @property {string} site      host[:port]
 * @property {string} host
 * @property {import("../lib/clear.js").Grade} chosen
 * @property {boolean} cache    this browser can clear the kept files of one site alone
 * @property {{count: number, elsewhere: number, below: boolean}} cookies
 *   of this host; `elsewhere` are inside other sites, `below` says that some go to hosts below too
 * @property {{count: number, parents: string[], sites: string[], more: number}} shared
 *   cookies of parent domains, and the sites that lose them too
 * @property {boolean} storage  what the site stores can be cleared here
 * @property {import("../lib/stored.js").Stored | null} stored  null: it cannot be counted here
 */

/**
 * What the popup shows of a tab.
 * @typedef {object} State
 * @property {number} tabId
 * @property {View | null} view        null: nothing was refused
 * @property {View | null} [fault]     what part of readmit is wrong meanwhile
 * @property {Standing[] | null} standing  null: the list cannot be read
 * @property {{banner: boolean, private: boolean, probes: boolean, fill: boolean}} settings
 * @property {import("../lib/fill.js").Offer | null} form  the site's own sign-in form may be filled in here
 * @property {string[]} off            origins that readmit leaves alone
 * @property {{text: string, host: string} | null} unasked  the key of why readmit did not ask, and about whom
 * @property {boolean} clearable   there is a refused page whose site's data can be cleared
 * @property {boolean} mayWatch        looking again could see the page open
 * @property {number | null} watchedAt when readmit looks again (epoch ms); null: it does not
 * @property {{images: number, files: number, calls: number} | null} parts  what else of the page was refused
 * @property {string} site             origin of the tab's page, "" where it has none
 * @property {boolean} offHere         readmit leaves this site alone
 * @property {number | null} paused    until when readmit is paused (epoch ms); 0: until it is switched on; null: it is not
 * @property {boolean} mayLook     readmit may look for old site data once the person asks for it
 * @property {{host: string, count: number, expires: number} | null} undo
 * @property {boolean} private
 * @property {string | null} busy      the action under way
 * @property {"noticeRecovered" | "noticeNotKept" | "noticeUndone" | "noticeLooked" | "noticeOpens" | "noticeStillClosed" | null} notice  a message key
 */

/**
 * What the sign-in window shows.
 * @typedef {object} Ask
 * @property {string} id
 * @property {"choose" | "type" | "sending" | "refused" | "gave_up" | "error"} phase
 * @property {string} host             "" when the background no longer knows the request
 * @property {string} port
 * @property {string} realm
 * @property {{account: string, state: "ready" | "refused" | "unseen", standing: boolean, onceMore?: boolean}[]} accounts
 *   what became of the kept password: may be sent; was not accepted; was sent, and nobody saw the answer;
 *   onceMore: one of the last two may be sent one more time, if the person says so
 * @property {boolean} canSave
 * @property {boolean} canAlways
 * @property {boolean} canNever
 * @property {boolean} private
 * @property {View | null} fault
 */

export {};
