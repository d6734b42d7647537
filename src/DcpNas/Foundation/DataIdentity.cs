namespace DcpNas.Foundation;

/// <summary>What identifies the data of a run, so that it is not resumed on others.</summary>
/// <param name="Description">Kind, number of images, classes and size.</param>
/// <param name="ClassNames">The classes (persons, categories), in the order of their labels.</param>
/// <param name="Digest">Of the list of images, training and test: names, labels, boxes; empty where images are drawn.</param>
public sealed record DataIdentity(string Description, IReadOnlyList<string> ClassNames, string Digest);
