using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>What a model says of one image.</summary>
/// <param name="File">The image.</param>
/// <param name="Classes">Best first; empty where the image could not be used.</param>
/// <param name="Problem">Why it could not be used, or null.</param>
internal sealed record ImagePrediction(string File, IReadOnlyList<Prediction> Classes, string? Problem);
