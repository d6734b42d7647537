namespace DcpNas.Tasks;

/// <summary>How many images of a data set a training uses.</summary>
/// <param name="Training">Images to learn from.</param>
/// <param name="Validation">Images held out of the training set; they select.</param>
/// <param name="Test">Test images used.</param>
/// <param name="TestAvailable">Test images of the data set; a published number needs all of them.</param>
public sealed record TaskImageCounts(int Training, int Validation, int Test, int TestAvailable);
