namespace DcpNas.Data.ReIdentification;

/// <summary>How many images and persons the official files hold; junk is not counted, distractors are counted as images alone.</summary>
/// <param name="Title">The official name.</param>
/// <param name="Train">Training images.</param>
/// <param name="TrainPersons">Training persons.</param>
/// <param name="Query">Queries.</param>
/// <param name="QueryPersons">Persons of the queries.</param>
/// <param name="Gallery">Gallery images.</param>
internal sealed record OfficialCounts(string Title, int Train, int TrainPersons, int Query, int QueryPersons, int Gallery)
{
    public static readonly OfficialCounts Market1501 = new("Market-1501", 12936, 751, 3368, 750, 15913);
    public static readonly OfficialCounts DukeMtmc = new("DukeMTMC-reID", 16522, 702, 2228, 702, 17661);
    public static readonly OfficialCounts Cuhk03Detected = new("CUHK03 (new split, detected)", 7365, 767, 1400, 700, 5332);
    public static readonly OfficialCounts Cuhk03Labeled = new("CUHK03 (new split, labelled)", 7368, 767, 1400, 700, 5328);

    /// <summary>One sentence per number that differs.</summary>
    public IEnumerable<string> Differences(IPersonImages train, IPersonImages query, IPersonImages gallery)
    {
        (string What, int Expected, int Found)[] numbers =
        [
            ("training images", Train, train.Count), ("training persons", TrainPersons, Persons(train)), ("queries", Query, query.Count),
            ("persons of the queries", QueryPersons, Persons(query)), ("gallery images", Gallery, gallery.Count),
        ];
        return numbers.Where(number => number.Expected != number.Found)
            .Select(number => $"{Title} has {number.Expected} {number.What}, these files {number.Found}.");

        static int Persons(IPersonImages images) => images.ClassNames.Count;
    }
}
