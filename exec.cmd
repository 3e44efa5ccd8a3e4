@rem The npm scripts say `exec node ...`: no shell stays between npm and Node, and signals arrive. This is exec for Windows.
@%*
