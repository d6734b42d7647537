using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Turns the numbers of the second stage into boxes: per class its own box of every region, then threshold and suppression as in one stage.</summary>
/// <param name="classes">Classes without the background.</param>
/// <param name="settings">How boxes are coded and chosen.</param>
internal sealed class RegionDecoder(int classes, DetectorSettings settings)
{
    /// <summary>The boxes of an image, by falling score; equal ones by class, then region.</summary>
    /// <param name="regions">Its regions.</param>
    /// <param name="shares"><c>[region][class]</c>, the background first, after softmax.</param>
    /// <param name="codes"><c>[region][class][4]</c>, without the background.</param>
    public IReadOnlyList<BoxCandidate> Decode(IReadOnlyList<ShareBox> regions, ReadOnlySpan<double> shares, ReadOnlySpan<float> codes)
    {
        var all = new List<BoxCandidate>();
        for (var index = 0; index < classes; index++)
        {
            var candidates = new List<BoxCandidate>();
            for (var i = 0; i < regions.Count; i++)
            {
                var share = shares[(i * (classes + 1)) + index + 1];
                if (!(share > settings.ScoreThreshold))
                {
                    continue;
                }

                var (left, top, right, bottom) = DetectionDecoder.Decode(AnchorOf(regions[i]), codes.Slice(4 * ((i * classes) + index), 4), settings);
                if (right > left && bottom > top)
                {
                    candidates.Add(new BoxCandidate(index, share, i, left, top, right, bottom));
                }
            }

            all.AddRange(DetectionDecoder.Suppress(candidates, settings.OverlapThreshold, settings.MostCandidates));
        }

        return [.. all.OrderByDescending(box => box.Score).ThenBy(box => box.Class).ThenBy(box => box.Anchor).Take(settings.MostDetections)];
    }

    /// <summary>A region as what its codes are relative to.</summary>
    public static Anchor AnchorOf(in ShareBox box) => new((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, box.Right - box.Left, box.Bottom - box.Top);
}
