using System.Globalization;
using System.Text.RegularExpressions;

namespace DcpNas.Data.ReIdentification;

/// <summary>Reads the layout of Market-1501, in which DukeMTMC-reID and the new split of CUHK03 are published too.</summary>
/// <remarks>
/// Folders: bounding_box_train, query, bounding_box_test and, of Market-1501, gt_bbox. A name begins with <c>PERSON_cCAMERA</c>. Persons numbered -1 are
/// junk and left out; number 0 stays in the gallery, but is left out of the other parts.
/// </remarks>
internal static partial class MarketReader
{
    public const string Train = "bounding_box_train", Query = "query", Gallery = "bounding_box_test", More = "gt_bbox";
    public static readonly string[] Folders = [Train, Query, Gallery];

    /// <summary>Lists all parts; images are decoded only when read.</summary>
    /// <exception cref="InputException">A folder is missing or holds no image that can be used.</exception>
    public static PersonDataset Read(string folder, OfficialCounts counts, PersonDatasetOptions options)
    {
        var warnings = new List<string>();
        var train = Part(Train, distractors: false);
        var query = Part(Query, distractors: false);
        var gallery = Part(Gallery, distractors: true);
        var overlap = train.ClassNames.Intersect(query.ClassNames, StringComparer.Ordinal).Count();
        if (overlap > 0)
        {
            warnings.Add($"{(overlap == 1 ? "1 person of the queries is" : $"{overlap} persons of the queries are")} among the training images: results say nothing about strangers.");
        }

        var differences = counts.Differences(train, query, gallery).ToList();
        var name = differences.Count == 0 ? counts.Title : $"{counts.Title} (not the official files)";
        warnings.AddRange(differences);
        return new PersonDataset(name, train, query, gallery, ChannelStatistics.ImageNet, warnings)
        {
            MoreQueries = Directory.Exists(Path.Combine(folder, More)) ? Part(More, distractors: false) : null,
        };

        PersonFiles Part(string part, bool distractors)
        {
            var path = Path.Combine(folder, part);
            var files = List(path, warnings).Where(file => distractors || file.Identity != PersonDataset.Distractor).ToList();
            return files.Count > 0
                ? new PersonFiles(counts.Title, files, options.Height, options.Width, options.CacheBytes)
                : throw InputException.InFile(path, "its files", "images named PERSON_cCAMERA..., such as 0002_c1s1_000451_03.jpg", "none", "Unpack the data set there.");
        }
    }

    /// <summary>All images of a folder as distractors of a gallery, whatever their names.</summary>
    /// <exception cref="InputException">There is no image.</exception>
    public static IPersonImages Distractors(string folder, int height, int width, long cacheBytes)
    {
        var paths = ImageFiles.Find([folder]);
        return new PersonFiles($"distractors of {folder}", [.. paths.Select(path => new PersonFile(path, PersonDataset.Distractor, 0))], height, width, cacheBytes);
    }

    /// <summary>The images of a folder whose names can be read, junk left out, in ordinal order; one warning counts the others.</summary>
    public static List<PersonFile> List(string folder, List<string> warnings)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: the folder is missing. The layout is {string.Join(", ", Folders)}.");
        }

        var files = new List<PersonFile>();
        var (unread, first) = (0, "");
        foreach (var path in Directory.EnumerateFiles(folder).Where(ImageDecoder.IsImage).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (Parse(name) is var (identity, camera))
            {
                if (identity != PersonDataset.Junk)
                {
                    files.Add(new PersonFile(path, identity, camera));
                }
            }
            else if (unread++ == 0)
            {
                first = name;
            }
        }

        if (unread > 0)
        {
            warnings.Add($"{folder}: {unread} {(unread == 1 ? "image is" : "images are")} left out, because the name does not begin with PERSON_cCAMERA: '{first}'{(unread == 1 ? "." : " and others.")}");
        }

        return files;
    }

    /// <summary>Person and camera of a name; null where it says neither.</summary>
    public static (int Identity, int Camera)? Parse(string name) => Pattern().Match(name) is { Success: true } match
        && int.TryParse(match.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var identity) && identity >= PersonDataset.Junk
        && int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var camera)
            ? (identity, camera)
            : null;

    [GeneratedRegex(@"^(-?[0-9]+)_c([0-9]+)")]
    private static partial Regex Pattern();
}
