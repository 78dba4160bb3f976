"""The formats questions travel in, one file each: read into a parcel, written from questions."""
