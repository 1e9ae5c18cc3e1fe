"""What the papers say, whatever their format: plain values come in, frozen models go out."""
