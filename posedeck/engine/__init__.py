"""Inference: finds people in pictures and gives their poses, by the BlazePose and face models on LiteRT."""
