namespace DcpNas.Runtime;

/// <summary>An object that a detector has found.</summary>
/// <param name="Class">The index of its class, from 0; the background is none.</param>
/// <param name="Label">The name of the class; the index in digits where the model names none.</param>
/// <param name="Score">Softmax of the scores, 0 to 1.</param>
/// <param name="Left">The left edge of its box, in pixels.</param>
/// <param name="Top">The top edge.</param>
/// <param name="Right">The right edge, beyond the last pixel.</param>
/// <param name="Bottom">The bottom edge, beyond the last pixel.</param>
public readonly record struct Detection(int Class, string Label, float Score, float Left, float Top, float Right, float Bottom);
