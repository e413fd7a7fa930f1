using System.Globalization;
using System.Text;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>What the encodings' split rules ask of a character.</summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>Punctuation, symbols, control characters, halves of surrogate pairs.</summary>
    None = 0,

    /// <summary>A letter of any kind.</summary>
    Letter = 1,

    /// <summary>Upper and title case, modifiers, letters without case, marks.</summary>
    Upper = 2,

    /// <summary>Lower case, modifiers, letters without case, marks.</summary>
    Lower = 4,

    /// <summary>A digit or any other number.</summary>
    Number = 8,

    /// <summary>White space as Unicode defines it.</summary>
    Space = 16,

    /// <summary>A carriage return or line feed.</summary>
    NewLine = 32,
}

/// <summary>The classes of all characters, in a table for the basic plane.</summary>
internal static class CharacterClasses
{
    private const int BasicPlane = 0x10000;
    private static readonly CharacterClass[] Table = [.. Enumerable.Range(0, BasicPlane).Select(c => Classify(CharUnicodeInfo.GetUnicodeCategory((char)c), c))];

    /// <summary>The class of the character that begins at <paramref name="at"/>, and its length in UTF-16.</summary>
    public static CharacterClass At(ReadOnlySpan<char> text, int at, out int length)
    {
        var first = text[at];
        length = 1;
        if (!char.IsHighSurrogate(first) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1])) return Table[first];

        length = 2;
        var rune = new Rune(first, text[at + 1]);
        return Classify(Rune.GetUnicodeCategory(rune), rune.Value);
    }

    /// <summary>The class of a character of the basic plane.</summary>
    public static CharacterClass Of(char character) => Table[character];

    private static CharacterClass Classify(UnicodeCategory category, int character) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.Upper,
        UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Letter | CharacterClass.Upper | CharacterClass.Lower,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Upper | CharacterClass.Lower,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ when character is '\r' or '\n' => CharacterClass.Space | CharacterClass.NewLine,
        _ when character < BasicPlane && char.IsWhiteSpace((char)character) => CharacterClass.Space,
        _ => CharacterClass.None,
    };
}
