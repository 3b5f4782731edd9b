// What the extension says when it can ask nobody: explain.View by situation or
// fault. Written by `go test ./agent/explain -update`; do not edit.

export const alone = Object.freeze({
  "401": {
    "status": 401,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "{site} said no, without saying why.",
    "summary": "It may want you to sign in. A reload is safe and deletes nothing.",
    "main": {
      "action": "login_again",
      "step": 1,
      "label": "Sign in"
    },
    "second": {
      "action": "reload_page",
      "step": 2,
      "label": "Reload page"
    },
    "help": {
      "action": "contact_support",
      "step": 3,
      "label": "Get help"
    },
    "forIt": [
      "Status: 401"
    ],
    "badge": "401",
    "actionTitle": "readmit: {site} said no, without saying why."
  },
  "401_background": {
    "status": 401,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "Part of this page could not load.",
    "summary": "{site} said no, without saying why. Copy what you typed, then reload.",
    "main": {
      "action": "reload_page",
      "step": 1,
      "label": "Reload page"
    },
    "second": {
      "action": "login_again",
      "step": 2,
      "label": "Sign in"
    },
    "help": {
      "action": "contact_support",
      "step": 3,
      "label": "Get help"
    },
    "forIt": [
      "Status: 401"
    ],
    "badge": "401",
    "actionTitle": "readmit: Part of this page could not load."
  },
  "401_challenge": {
    "status": 401,
    "site": "{site}",
    "cause": "no_credentials",
    "certainty": "likely",
    "certaintyText": "It looks like this is the reason.",
    "title": "Sign in to see this page.",
    "summary": "{site} needs to know who you are.",
    "why": [
      "The site asks who you are."
    ],
    "main": {
      "action": "supply_credentials",
      "step": 1,
      "label": "Sign in"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "other": [
      {
        "action": "reload_page",
        "step": 2,
        "label": "Reload page"
      },
      {
        "action": "switch_account",
        "step": 3,
        "label": "Use another account"
      }
    ],
    "help": {
      "action": "contact_support",
      "step": 4,
      "label": "Get help"
    },
    "forIt": [
      "Status: 401"
    ],
    "badge": "401",
    "actionTitle": "readmit: Sign in to see this page."
  },
  "401_cookies": {
    "status": 401,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "{site} said no, without saying why.",
    "summary": "It may want you to sign in. A reload is safe and deletes nothing.",
    "main": {
      "action": "login_again",
      "step": 1,
      "label": "Sign in"
    },
    "second": {
      "action": "reload_page",
      "step": 2,
      "label": "Reload page"
    },
    "help": {
      "action": "contact_support",
      "step": 3,
      "label": "Get help"
    },
    "forIt": [
      "Status: 401"
    ],
    "badge": "401",
    "actionTitle": "readmit: {site} said no, without saying why."
  },
  "401_empty_page": {
    "status": 401,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "This page could not load its content.",
    "summary": "{site} said no, without saying why. A reload is safe and deletes nothing.",
    "main": {
      "action": "reload_page",
      "step": 1,
      "label": "Reload page"
    },
    "second": {
      "action": "login_again",
      "step": 2,
      "label": "Sign in"
    },
    "help": {
      "action": "contact_support",
      "step": 3,
      "label": "Get help"
    },
    "forIt": [
      "Status: 401"
    ],
    "badge": "401",
    "actionTitle": "readmit: This page could not load its content."
  },
  "403": {
    "status": 403,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "{site} said no, without saying why.",
    "summary": "A reload is safe and deletes nothing.",
    "main": {
      "action": "reload_page",
      "step": 1,
      "label": "Reload page"
    },
    "second": {
      "action": "request_access",
      "step": 2,
      "label": "Ask for access"
    },
    "other": [
      {
        "action": "switch_account",
        "step": 3,
        "label": "Use another account"
      },
      {
        "action": "check_url",
        "step": 4,
        "label": "Go to the {site} start page"
      }
    ],
    "help": {
      "action": "contact_support",
      "step": 5,
      "label": "Get help"
    },
    "forIt": [
      "Status: 403"
    ],
    "badge": "403",
    "actionTitle": "readmit: {site} said no, without saying why."
  },
  "403_background": {
    "status": 403,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "Part of this page could not load.",
    "summary": "{site} said no, without saying why. Copy what you typed, then reload.",
    "main": {
      "action": "reload_page",
      "step": 1,
      "label": "Reload page"
    },
    "second": {
      "action": "request_access",
      "step": 2,
      "label": "Ask for access"
    },
    "other": [
      {
        "action": "switch_account",
        "step": 3,
        "label": "Use another account"
      }
    ],
    "help": {
      "action": "contact_support",
      "step": 4,
      "label": "Get help"
    },
    "forIt": [
      "Status: 403"
    ],
    "badge": "403",
    "actionTitle": "readmit: Part of this page could not load."
  },
  "403_challenge": {
    "status": 403,
    "site": "{site}",
    "cause": "no_credentials",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "Sign in to see this page.",
    "summary": "{site} needs to know who you are.",
    "why": [
      "The site asks who you are."
    ],
    "main": {
      "action": "supply_credentials",
      "step": 1,
      "label": "Sign in"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "other": [
      {
        "action": "reload_page",
        "step": 2,
        "label": "Reload page"
      },
      {
        "action": "request_access",
        "step": 3,
        "label": "Ask for access"
      },
      {
        "action": "switch_account",
        "step": 4,
        "label": "Use another account"
      }
    ],
    "help": {
      "action": "contact_support",
      "step": 5,
      "label": "Get help"
    },
    "forIt": [
      "Status: 403"
    ],
    "badge": "403",
    "actionTitle": "readmit: Sign in to see this page."
  },
  "403_cookies": {
    "status": 403,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "{site} said no, without saying why.",
    "summary": "There is more than one likely reason. The step that fits most of them comes first.",
    "main": {
      "action": "request_access",
      "step": 1,
      "label": "Ask for access"
    },
    "second": {
      "action": "switch_account",
      "step": 2,
      "label": "Use another account"
    },
    "other": [
      {
        "action": "reload_page",
        "step": 3,
        "label": "Reload page"
      }
    ],
    "help": {
      "action": "contact_support",
      "step": 4,
      "label": "Get help"
    },
    "forIt": [
      "Status: 403"
    ],
    "badge": "403",
    "actionTitle": "readmit: {site} said no, without saying why."
  },
  "403_empty_page": {
    "status": 403,
    "site": "{site}",
    "cause": "unknown",
    "certainty": "unsure",
    "certaintyText": "We can't tell for certain.",
    "title": "This page could not load its content.",
    "summary": "{site} said no, without saying why. A reload is safe and deletes nothing.",
    "main": {
      "action": "reload_page",
      "step": 1,
      "label": "Reload page"
    },
    "second": {
      "action": "request_access",
      "step": 2,
      "label": "Ask for access"
    },
    "other": [
      {
        "action": "switch_account",
        "step": 3,
        "label": "Use another account"
      }
    ],
    "help": {
      "action": "contact_support",
      "step": 4,
      "label": "Get help"
    },
    "forIt": [
      "Status: 403"
    ],
    "badge": "403",
    "actionTitle": "readmit: This page could not load its content."
  },
  "agent_unavailable": {
    "cause": "unknown",
    "fault": "agent_unavailable",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "Part of readmit is not running.",
    "summary": "General advice still works.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The readmit agent did not answer within 2 seconds.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: Part of readmit is not running."
  },
  "answer_404": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "This address may not be right.",
    "summary": "{site} has no page there. The link may be old.",
    "main": {
      "action": "check_url",
      "label": "Go to the {site} start page"
    },
    "second": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "404",
    "actionTitle": "readmit: This address may not be right."
  },
  "answer_407": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "Your network wants a sign-in first.",
    "summary": "It stands between you and {site}. Your browser asks for it, and readmit never answers it.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "407",
    "actionTitle": "readmit: Your network wants a sign-in first."
  },
  "answer_419": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "This form was open for too long.",
    "summary": "It was probably not saved. Your text may still be on the page before.",
    "main": {
      "action": "return_to_text",
      "label": "Go back to my text"
    },
    "second": {
      "action": "check_url",
      "label": "Go to the {site} start page"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "419",
    "actionTitle": "readmit: This form was open for too long."
  },
  "answer_429": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "The site asks you to wait.",
    "summary": "It got many requests in a short time. Wait a few minutes, then try once more.",
    "main": {
      "action": "wait_and_retry",
      "label": "Try once more"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "429",
    "actionTitle": "readmit: The site asks you to wait."
  },
  "answer_429_wait": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "The site asks you to wait.",
    "summary": "It should open again at {at}.",
    "main": {
      "action": "wait_and_retry",
      "label": "Try once more"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "429",
    "actionTitle": "readmit: The site asks you to wait."
  },
  "answer_440": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "You have been signed out.",
    "summary": "Sign in to {site} again and we bring you back to this page.",
    "main": {
      "action": "login_again",
      "label": "Sign in again"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "440",
    "actionTitle": "readmit: You have been signed out."
  },
  "answer_4xx": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "This page did not open.",
    "summary": "{site} could not use the request. Load the page again, or go to the start page.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "check_url",
      "label": "Go to the {site} start page"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "",
    "actionTitle": "readmit: This page did not open."
  },
  "answer_503": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "The website is not working right now.",
    "summary": "Nothing on your computer will fix it. Wait a little, then try once more.",
    "main": {
      "action": "wait_and_retry",
      "label": "Try once more"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "503",
    "actionTitle": "readmit: The website is not working right now."
  },
  "answer_503_wait": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "The website is not working right now.",
    "summary": "It should open again at {at}.",
    "main": {
      "action": "wait_and_retry",
      "label": "Try once more"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "503",
    "actionTitle": "readmit: The website is not working right now."
  },
  "answer_5xx": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "The website has a fault.",
    "summary": "Nothing on your computer will fix it. Tell the people who run it.",
    "main": {
      "action": "contact_support",
      "label": "Report it"
    },
    "second": {
      "action": "wait_and_retry",
      "label": "Try once more"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "",
    "actionTitle": "readmit: The website has a fault."
  },
  "answer_form": {
    "site": "{site}",
    "certainty": "sure",
    "certaintyText": "",
    "title": "What you sent was not taken.",
    "summary": "Your text may still be on the page before. Nothing is sent again by itself.",
    "main": {
      "action": "return_to_text",
      "label": "Go back to my text"
    },
    "second": {
      "action": "check_url",
      "label": "Go to the {site} start page"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "badge": "",
    "actionTitle": "readmit: What you sent was not taken."
  },
  "busy": {
    "cause": "unknown",
    "fault": "busy",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit is busy.",
    "summary": "Give it a moment, then reload the page.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "Too many requests at once, or another page is signing in with the same account."
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit is busy."
  },
  "caller_refused": {
    "cause": "unknown",
    "fault": "caller_refused",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit does not know this browser add-on.",
    "summary": "It may be an old copy. Tell the helpdesk.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The extension's id is not in the list of the host.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit does not know this browser add-on."
  },
  "consent_needed": {
    "cause": "unknown",
    "fault": "consent_needed",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit needs your yes first.",
    "summary": "Reload the page, and readmit asks you.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "No standing consent covers this request."
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit needs your yes first."
  },
  "gave_up": {
    "cause": "unknown",
    "fault": "gave_up",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "The page stopped waiting.",
    "summary": "Nothing was sent. Reload the page to try again.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The browser waited for three minutes."
    ],
    "badge": "!",
    "actionTitle": "readmit: The page stopped waiting."
  },
  "host_missing": {
    "cause": "unknown",
    "fault": "host_missing",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "Part of readmit is not running.",
    "summary": "General advice still works.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The native messaging host io.github.readmit was not found.",
      "Run: readmit install",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: Part of readmit is not running."
  },
  "internal": {
    "cause": "unknown",
    "fault": "internal",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit has a fault.",
    "summary": "General advice still works. Reload the page to try again.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The log of the agent holds the details.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit has a fault."
  },
  "journal_damaged": {
    "cause": "unknown",
    "fault": "journal_damaged",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit's notes were damaged.",
    "summary": "They were put aside and kept. Everything else works.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The journal was set aside with the ending .damaged.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit's notes were damaged."
  },
  "journal_unavailable": {
    "cause": "unknown",
    "fault": "journal_unavailable",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit can't sign you in now.",
    "summary": "It has no safe place for its notes. Use the browser's own box, and tell the helpdesk.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The journal takes no entries: it is on network storage, or a newer readmit wrote it.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit can't sign you in now."
  },
  "keyring_absent": {
    "cause": "unknown",
    "fault": "keyring_absent",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "No password store was found.",
    "summary": "readmit can't use saved sign-ins now. You can still type yours.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "No Secret Service answers on the session bus.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: No password store was found."
  },
  "keyring_broken": {
    "cause": "unknown",
    "fault": "keyring_broken",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "Your password store can't be read.",
    "summary": "readmit can't use saved sign-ins now. Use the browser's own box, and tell the helpdesk.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The store failed, is damaged, or is not opened by its passphrase. Nothing was changed.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: Your password store can't be read."
  },
  "keyring_locked": {
    "cause": "unknown",
    "fault": "keyring_locked",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "Your password store is locked.",
    "summary": "Unlock it with your computer's password, then reload this page.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The keyring is locked. It is never unlocked by readmit itself.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: Your password store is locked."
  },
  "keyring_timeout": {
    "cause": "unknown",
    "fault": "keyring_timeout",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "Your password store does not answer.",
    "summary": "You can still type your sign-in in the browser's own box.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The keyring did not answer within 1.5 seconds.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: Your password store does not answer."
  },
  "not_allowed": {
    "cause": "unknown",
    "fault": "not_allowed",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit did not send your password.",
    "summary": "This page may not get it. Use the browser's own box, if you trust the site.",
    "main": {
      "action": "reload_page",
      "label": "Reload page"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "A check before the release failed; the log of the agent names it."
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit did not send your password."
  },
  "policy_broken": {
    "cause": "unknown",
    "fault": "policy_broken",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "A rule of your company can't be read.",
    "summary": "readmit goes on with the last good one. Tell the helpdesk.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "A policy file has a mistake; the log of the agent names file and line.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: A rule of your company can't be read."
  },
  "protocol_too_new": {
    "cause": "unknown",
    "fault": "protocol_too_new",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit needs an update.",
    "summary": "Its parts do not match. General advice still works.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The agent is older than the extension needs.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit needs an update."
  },
  "protocol_too_old": {
    "cause": "unknown",
    "fault": "protocol_too_old",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit needs an update.",
    "summary": "Its parts do not match. General advice still works.",
    "main": {
      "action": "contact_support",
      "label": "Tell the helpdesk"
    },
    "second": {
      "action": "none",
      "label": "General advice"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The extension is older than the agent understands.",
      "Run: readmit doctor"
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit needs an update."
  },
  "refused_before": {
    "cause": "unknown",
    "fault": "refused_before",
    "certainty": "sure",
    "certaintyText": "The signs are clear.",
    "title": "readmit did not send this password again.",
    "summary": "It was not accepted before, or we could not see whether it was. This keeps your account from being locked.",
    "main": {
      "action": "retry_credentials",
      "label": "Type a new password"
    },
    "second": {
      "action": "none",
      "label": "Not now"
    },
    "help": {
      "action": "contact_support",
      "label": "Get help"
    },
    "forIt": [
      "The last send of this stored sign-in was refused, or its outcome was never seen."
    ],
    "badge": "!",
    "actionTitle": "readmit: readmit did not send this password again."
  },
});
