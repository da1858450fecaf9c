# Instruments that come with the program, and exports.
error-instrument-unknown = No instrument of this name comes with the program: { $found }. Look at the list of instruments.
