"""Body reshaping: the same photo with a slimmer or heavier silhouette, by a classical, layered warp.

``analyse`` finds the body, ``field`` says where each point of it goes, ``render`` draws it over the untouched photo;
``pipeline.reshape`` runs field and render on a body that is given, so it needs neither models nor a photo.
"""
