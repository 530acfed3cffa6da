"""Templates of photos that were opted out before they could be erased: erased under the oldest opt-out that is of them."""

from django.db import migrations

NEAR = (
    "(o.sha256 = p.sha256 OR (o.source_id = p.source_id AND o.phash IS NOT NULL AND p.phash IS NOT NULL "
    "AND bit_count((o.phash # p.phash)::bit(64)) <= 4))"
)
ERASE = f"""
SELECT count(public.ecpd_erase_template(of.opt_out, of.face)) FROM (
    SELECT min(o.id) AS opt_out, f.id AS face FROM leads_optout o JOIN leads_galleryphoto p ON {NEAR}
    JOIN leads_galleryface f ON f.photo_id = p.id
    WHERE o.withdrawn_at IS NULL AND NOT p.active AND NOT EXISTS (SELECT 1 FROM leads_candidate c WHERE c.face_id = f.id)
    GROUP BY f.id ORDER BY f.id) of
"""


class Migration(migrations.Migration):
    """What is erased does not come back."""

    dependencies = [("leads", "0013_templates_erased")]

    operations = [migrations.RunSQL(ERASE, migrations.RunSQL.noop)]
