using System.Text.Json;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Corpus;

/// <summary>One authored file of paired texts: templates for what breaks a rule, and for what only looks like it.</summary>
public sealed record CorpusFile
{
    /// <summary>The category of product.md §4 that the unsafe sides break; <c>none</c> in files of harmless texts.</summary>
    public required string Category { get; init; }

    /// <summary><c>en</c> or <c>zh</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Values by name, for <c>{name}</c> in a template.</summary>
    public Dictionary<string, string[]> Slots { get; init; } = [];

    public required CorpusPair[] Pairs { get; init; }

    /// <exception cref="JsonException">It does not follow the schema.</exception>
    public static CorpusFile Parse(Stream json) => AuthoredJson.Parse<CorpusFile>(json, "corpus file");

    /// <summary>Every file of a folder and the folders in it by its path from there, in the order of the paths.</summary>
    /// <exception cref="FormatException">A file cannot be read.</exception>
    public static IReadOnlyList<(string Name, CorpusFile File)> Load(string folder)
    {
        var files = new List<(string, CorpusFile)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            try
            {
                using var stream = File.OpenRead(path);
                files.Add((name, Parse(stream)));
            }
            catch (JsonException exception)
            {
                throw new FormatException($"{name}: {exception.Message}");
            }
        }

        return files;
    }
}

/// <summary>Templates that use the same words, once against a rule and once harmlessly.</summary>
public sealed record CorpusPair
{
    /// <summary>Category, language and a name, with dots between: unique over all files.</summary>
    public required string Id { get; init; }

    /// <summary>The part of the category's rule that it is about.</summary>
    public required string Clause { get; init; }

    /// <summary><c>prompt</c>, <c>content</c> or <c>image_prompt</c>.</summary>
    public required string Kind { get; init; }

    public string[] Unsafe { get; init; } = [];

    public required string[] Safe { get; init; }
}
