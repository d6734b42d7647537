using DcpNas.Tasks;

namespace DcpNas.Training;

/// <summary>Which of two networks validation images prefer, and whether there are enough of them to say.</summary>
internal static class ModelSelection
{
    /// <summary>Fewer validation images than these cannot tell networks apart: one image is more than a hundredth of a share.</summary>
    public const int EnoughImages = 100;

    private const string Loss = "loss";

    /// <summary>The loss that decides between equal values of the primary metric; null for tasks that measure none.</summary>
    public static double? LossOf(TaskEvaluation validation) => validation.Metrics.TryGetValue(Loss, out var loss) ? loss : null;

    /// <summary>Whether a network beats the best one before it.</summary>
    /// <remarks>The larger value of the primary metric wins; of equal ones the smaller loss, and without a loss the later one, which has learned for longer.</remarks>
    /// <param name="value">Its primary metric.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="best">The primary metric of the best one.</param>
    /// <param name="bestLoss">Its loss; null also where a checkpoint of an older version did not keep it.</param>
    public static bool IsBetter(double value, double? loss, double best, double? bestLoss) =>
        value > best || (value == best && (loss is null || bestLoss is null || loss < bestLoss));

    /// <summary>What a user should know where validation images are too few to select by; null where they are enough.</summary>
    /// <param name="images">The images of the training.</param>
    public static string? Warning(TaskImageCounts images)
    {
        if (images.Validation >= EnoughImages)
        {
            return null;
        }

        var share = (double)EnoughImages / (images.Validation + images.Training);
        var remedy = share <= TrainingOptions.LargestValidationShare
            ? FormattableString.Invariant($"Hold more images out (validation_share {Math.Ceiling(100 * share) / 100:0.##} for {EnoughImages}), or use more images.")
            : "Use more images.";
        return FormattableString.Invariant(
            $"Only {images.Validation} validation image{(images.Validation == 1 ? " selects" : "s select")} the best network: each is worth {100.0 / images.Validation:0.#} percentage points, so that chance decides between good epochs. {remedy}");
    }
}
