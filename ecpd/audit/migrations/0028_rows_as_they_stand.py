"""An entry seals its row as the row stands; a suspension ends every certificate of its kind that was issued until then."""

from django.db import migrations

from ecpd.audit.certified_v2 import HAS_CERTIFICATE
from ecpd.audit.certified_v1 import HAS_CERTIFICATE as HAS_CERTIFICATE_V1
from ecpd.audit.seal_functions_v6 import SEAL_ROW as SEAL_ROW_V6
from ecpd.audit.seal_functions_v7 import SEAL_ROW


class Migration(migrations.Migration):
    dependencies = [("audit", "0027_json_shapes")]

    operations = [
        migrations.RunSQL(SEAL_ROW.sql, SEAL_ROW_V6.sql),
        migrations.RunSQL(HAS_CERTIFICATE.sql, HAS_CERTIFICATE_V1.sql),
    ]
