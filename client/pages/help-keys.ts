/** Keys by where they act: everywhere, and on screens of their own. Letters stand as on the keyboard. */
export const KEYS = [
  {
    at: 'helpKeys.everywhere',
    keys: [
      { keys: ['Ctrl', 'K'], text: 'help.palette' },
      { keys: ['?'], text: 'help.help' },
      { keys: ['↑', '↓'], text: 'help.rows' },
      { keys: ['Home', 'End'], text: 'help.ends' },
      { keys: ['Enter'], text: 'help.enter' },
      { keys: ['←', '→'], text: 'help.tree' },
      { keys: ['Esc'], text: 'help.escape' },
    ],
  },
  {
    at: 'helpKeys.desk',
    keys: [
      { keys: ['j', 'k'], text: 'help.deskMove' },
      { keys: ['1', '9'], text: 'help.deskPick' },
      { keys: ['n'], text: 'help.deskNobody' },
      { keys: ['u'], text: 'help.deskUndo' },
    ],
  },
  {
    at: 'helpKeys.board',
    keys: [
      { keys: ['j', 'k'], text: 'helpKeys.boardMove' },
      { keys: ['Enter'], text: 'helpKeys.boardOpen' },
    ],
  },
  {
    at: 'helpKeys.matching',
    keys: [
      { keys: ['j', 'k'], text: 'helpKeys.matchingMove' },
      { keys: ['1'], text: 'helpKeys.matchingSame' },
      { keys: ['2'], text: 'helpKeys.matchingDifferent' },
      { keys: ['3', 'z'], text: 'helpKeys.matchingUndo' },
    ],
  },
  {
    at: 'helpKeys.tasks',
    keys: [
      { keys: ['j', 'k'], text: 'helpKeys.tasksMove' },
      { keys: ['space'], text: 'helpKeys.tasksSelect' },
      { keys: ['d'], text: 'helpKeys.tasksDone' },
    ],
  },
  {
    at: 'helpKeys.register',
    keys: [{ keys: ['Ctrl', 'Enter'], text: 'helpKeys.registerRow' }],
  },
  {
    at: 'helpKeys.bindings',
    keys: [
      { keys: ['j', 'k'], text: 'helpKeys.bindingsMove' },
      { keys: ['1'], text: 'helpKeys.bindingsAccept' },
      { keys: ['2'], text: 'helpKeys.bindingsWords' },
      { keys: ['3'], text: 'helpKeys.bindingsReject' },
      { keys: ['space'], text: 'helpKeys.bindingsTick' },
      { keys: ['z'], text: 'helpKeys.bindingsUndo' },
    ],
  },
  {
    at: 'helpKeys.reach',
    keys: [
      { keys: ['↑', '↓', '←', '→'], text: 'helpKeys.reachMove' },
      { keys: ['Enter'], text: 'helpKeys.reachAsk' },
    ],
  },
  {
    at: 'helpKeys.systems',
    keys: [
      { keys: ['j', 'k'], text: 'helpKeys.systemsMove' },
      { keys: ['space'], text: 'helpKeys.systemsSelect' },
      { keys: ['Enter'], text: 'helpKeys.systemsOpen' },
      { keys: ['z'], text: 'helpKeys.systemsUndo' },
    ],
  },
  {
    at: 'helpKeys.map',
    keys: [
      { keys: ['Tab', 'Shift+Tab'], text: 'helpKeys.mapMove' },
      { keys: ['Enter'], text: 'helpKeys.mapPick' },
      { keys: ['←', '→', '↑', '↓'], text: 'helpKeys.mapScroll' },
    ],
  },
  {
    at: 'helpKeys.sheet',
    keys: [
      { keys: ['Tab', 'Shift+Tab'], text: 'helpKeys.sheetMove' },
      { keys: ['Enter'], text: 'helpKeys.sheetSave' },
      { keys: ['space'], text: 'helpKeys.sheetOpen' },
      { keys: ['Esc'], text: 'helpKeys.sheetClose' },
    ],
  },
  {
    at: 'helpKeys.rights',
    keys: [
      { keys: ['↑', '↓'], text: 'helpKeys.rightsMove' },
      { keys: ['Enter'], text: 'helpKeys.rightsOpen' },
    ],
  },
  {
    at: 'helpKeys.groups',
    keys: [
      { keys: ['j', 'k'], text: 'helpKeys.groupsMove' },
      { keys: ['1'], text: 'helpKeys.groupsAccept' },
      { keys: ['2'], text: 'helpKeys.groupsOther' },
      { keys: ['3'], text: 'helpKeys.groupsAside' },
      { keys: ['space'], text: 'helpKeys.groupsSelect' },
      { keys: ['z'], text: 'helpKeys.groupsUndo' },
    ],
  },
  {
    at: 'helpKeys.plans',
    keys: [
      { keys: ['Tab', 'Shift+Tab'], text: 'helpKeys.plansMove' },
      { keys: ['Enter'], text: 'helpKeys.plansOpen' },
      { keys: ['Esc'], text: 'helpKeys.plansClose' },
    ],
  },
  {
    at: 'helpKeys.packages',
    keys: [
      { keys: ['Tab', 'Shift+Tab'], text: 'helpKeys.packagesMove' },
      { keys: ['Enter'], text: 'helpKeys.packagesPick' },
      { keys: ['↑', '↓'], text: 'helpKeys.packagesKnown' },
      { keys: ['space'], text: 'helpKeys.packagesNames' },
    ],
  },
] as const
