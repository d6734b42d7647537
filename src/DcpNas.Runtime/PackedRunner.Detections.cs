namespace DcpNas.Runtime;

/// <content>Boxes.</content>
public sealed partial class PackedRunner
{
    private DetectionDecoder? _decoder;

    /// <summary>The objects that a detector has found in an image of the last call, by falling score.</summary>
    /// <param name="image">The number of the image, from 0.</param>
    /// <param name="width">Columns of the image before it was scaled to the input of the model; 0 for those of the input.</param>
    /// <param name="height">Its rows; 0 for those of the input.</param>
    /// <returns>Boxes in pixels of that size. How they are made: <see cref="DetectionDecoder"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or a size is negative.</exception>
    /// <exception cref="InvalidOperationException">The model is no detector.</exception>
    public IReadOnlyList<Detection> Detections(int image, int width = 0, int height = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, ImageCount);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        var detector = Model.Info.Detector ?? throw new InvalidOperationException("The model is no detector: it does not say how its outputs become boxes.");
        _decoder ??= new DetectionDecoder(detector.Anchors(Model.Graph), Model.Info.Classes.Count, detector.Settings);
        var anchors = _decoder.Anchors.Count;
        var (scores, codes) = (new float[anchors * (_decoder.Classes + 1)], new float[anchors * 4]);
        var (scoresDone, codesDone) = (0, 0);
        foreach (var level in detector.Levels)
        {
            scoresDone += CopyImage(level.Scores, image, scores.AsSpan(scoresDone));
            codesDone += CopyImage(level.Boxes, image, codes.AsSpan(codesDone));
        }

        var (across, down) = (width == 0 ? Model.Graph.Input.Width : width, height == 0 ? Model.Graph.Input.Height : height);
        return [.. _decoder.Decode(scores, codes).Select(box => new Detection(
            box.Class, Model.LabelOf(box.Class), (float)box.Score, (float)(box.Left * across), (float)(box.Top * down), (float)(box.Right * across), (float)(box.Bottom * down)))];
    }

    private int CopyImage(string output, int image, Span<float> destination)
    {
        var all = Output(output);
        var length = all.Length / ImageCount;
        all.Slice(image * length, length).CopyTo(destination);
        return length;
    }
}
