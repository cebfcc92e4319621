# Where the library and the configuration lie; the text of the latter is checked before it is read.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

WORKFLOW = Path(workflow.current_basedir).parent
CONFIGURATION = Path("config.yaml")
if not CONFIGURATION.exists():
    CONFIGURATION = WORKFLOW.parent / "config.yaml"
sys.path.insert(0, str(WORKFLOW / "src"))

from led.config import written
from led.config.messages import ConfigError

try:
    written.check(CONFIGURATION)
except ConfigError as error:
    raise WorkflowError(str(error)) from None
