"""Result bundles: one directory that holds all that a run needs to be believed, and to be run again.

    DIR/manifest.json     what was run, when, with which versions; every file below with its SHA-256 (form: manifest.schema.json)
    DIR/law.json          the law: a digest for each variable, each figure and each file of code, of the law and of each reform over it
    DIR/inputs/           copies of the inputs: documents always, tables where the user asks for it
    DIR/results/          the results as they were written

`writing` makes one while a command runs, `replaying` runs it again and says what differs. The other files each know one part: `inputs`,
`law`, `versions`, `manifest` (the form), `comparing` (results).
"""
