"""Lists as offices make them: each mixes several habits. Nobody in them is real.

A list: what people call it, how its file is made, the ending of its name, the names that come of it.
"""

from datetime import date

from tests.factories.files import ods_rows, write_delimited, write_ods, write_xls, write_xlsx

KB = "UBND HUYỆN KIM BẢNG"
CTV = "DANH SÁCH CỘNG TÁC VIÊN"
FULL = ["STT", "Họ và tên", "Năm sinh", "Xã", "Chức danh"]


def xlsx(*rows, **options):
    return lambda folder: write_xlsx(folder / "a", rows, **options)


def ods(*rows):
    return lambda folder: write_ods(folder / "a", ods_rows(rows))


def xls(*rows, **options):
    return lambda folder: write_xls(folder / "a", rows, **options)


def text(*rows, **options):
    return lambda folder: write_delimited(folder / "a", rows, **options)


def page(*rows):
    """A web page of one table; a number that Excel shows otherwise comes as what is shown and is."""
    cells = "".join(f"<tr>{''.join(map(_web_cell, row))}</tr>" for row in rows)
    return lambda folder: _write(folder / "a", f"<html><body><table>{cells}</table>".encode())


def _web_cell(cell):
    shown, number = cell if isinstance(cell, tuple) else (cell, "")
    return f'<td x:num="{number}">{shown}' if number else f"<td>{shown}"


def _write(path, content):
    path.write_bytes(content)
    return path


LISTS = [
    ("Họ đệm và tên hai cột, chữ HOA, ngày sinh dd.mm.yyyy, cột “Nữ” đánh dấu x", "xlsx", xlsx(
        [KB], [CTV], ["TT", "HỌ VÀ TÊN ĐỆM", "TÊN", "NGÀY SINH", "NỮ", "XÃ"],
        [1, "NGUYỄN THỊ", "HƯƠNG", "05.03.1985.", "x", "Quế"],
        [2, "LÊ VĂN", "ĐỨC", "12.11.1979", None, "X. Nguyễn Úy"]),
     ["Nguyễn Thị Hương", "Lê Văn Đức"]),
    ("CSV dấu `;`, UTF-16, tên có số thứ tự và “Bà”", "csv", text(
        FULL, ["1", "1. Bà Trần Thị Mai", "1980", "TT Quế", "CTV thôn 3"],
        ["2", "2. Ông Lê Văn Sáu", "1975", "TT Quế", "CTV thôn 4"], sign=";", encoding="utf-16"),
     ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("ODS, xã ở dòng nhóm “I. Xã Nguyễn Úy”, không có cột xã", "ods", ods(
        [CTV], ["STT", "Họ và tên", "Năm sinh", "Số điện thoại"], ["I. Thị trấn Quế"],
        [1, "Trần Thị Mai", 1980, "0912345678 (Zalo)"], ["II. Xã Nguyễn Úy (1 người)"],
        [1, "Lê Văn Sáu", 1975, "ĐT: 0987 654 321"]), ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("XLS, dấu “nt” và “-nt-” dưới tên xã, dòng cộng ở giữa", "xls", xls(
        [CTV], ["STT", "Họ và tên", "Năm sinh", "Xã"], [1, "Trần Thị Mai", 1980, "Quế"],
        [2, "Lê Văn Sáu", 1975, "-nt-"], [None, "Cộng trang:", 2],
        [3, "Phạm Thị Tư", 1981, "nt"]), ["Trần Thị Mai", "Lê Văn Sáu", "Phạm Thị Tư"]),
    ("Tên xã ghi sai ở nhiều dòng, một cách ghi", "xlsx", xlsx(
        [CTV], FULL, [1, "Trần Thị Mai", 1980, "TT Quế cũ", "CTV"],
        [2, "Lê Văn Sáu", 1975, "TT QUẾ CŨ", "CTV"]), []),
    ("Chức danh lạ: “Bí thư chi bộ”, “Chi hội phụ nữ”", "xlsx", xlsx(
        ["DANH SÁCH ĐẠI BIỂU"], FULL, [1, "Trần Thị Mai", 1980, "Quế", "Bí thư chi bộ"],
        [2, "Lê Văn Sáu", 1975, "Quế", "Chi hội phụ nữ"], [3, "Lê Thị Tư", 1975, "Quế", "CTV"]),
     ["Lê Thị Tư"]),
    ("Hai người trùng họ tên, năm sinh, xã", "csv", text(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"], ["Nguyễn Thị Hoa", "1980", "Quế", "CTV"],
        ["Nguyễn Thị Hoa", "1980", "Quế", "CTV"]), ["Nguyễn Thị Hoa"]),
    ("“Hoà” và “Hòa” cùng xã, cùng năm sinh", "csv", text(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"], ["Nguyễn Văn Hoà", "1980", "Quế", "CTV"],
        ["Nguyễn Văn Hòa", "1980", "Quế", "CTV"]), ["Nguyễn Văn Hoà"]),
    ("“Hà” và “Hạ” cùng xã, cùng năm sinh", "csv", text(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"], ["Phan Thị Hà", "1980", "Quế", "CTV"],
        ["Phan Thị Hạ", "1980", "Quế", "CTV"]), ["Phan Thị Hà", "Phan Thị Hạ"]),
    ("Vợ chồng chung một số điện thoại", "ods", ods(
        ["Họ tên", "Năm sinh", "Điện thoại", "Xã", "Nhóm"],
        ["Trần Văn Nam", 1970, "0912345678 (chồng)", "Quế", "CTV"],
        ["Lê Thị Mai", 1972, "0912.345.678", "Quế", "CTV"]), ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Số điện thoại là số, mất số 0; năm sinh là ngày", "xlsx", xlsx(
        ["Họ tên", "Ngày sinh", "Điện thoại", "Xã", "Nhóm"],
        ["Trần Văn Nam", date(1970, 5, 1), 912345678, "Quế", "CTV"]), ["Trần Văn Nam"]),
    ("Bảng HTML lưu thành .xls, tên có dấu “*” và “(CTV thôn 2)”", "xls", page(
        ["Họ và tên", "Năm sinh", "Xã", "Nhóm"],
        ["Trần Thị Mai *", "1980", "Quế", "CTV"],
        ["Lê Văn Sáu (CTV thôn 2)", "1975", "Quế", "CTV"]), ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("Địa chỉ đầy đủ thay cho xã", "xlsx", xlsx(
        ["Họ tên", "Năm sinh", "Đơn vị công tác", "Nhóm"],
        ["Trần Thị Mai", 1980, "Thôn 3, xã Nguyễn Úy, huyện Kim Bảng, tỉnh Hà Nam", "CTV"],
        ["Lê Văn Sáu", 1975, "UBND TT. Quế - H. Kim Bảng", "CC VH-XH"]),
     ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("Chữ O thay số 0, hai số một ô, “không có”", "csv", text(
        ["Họ tên", "Năm sinh", "SĐT", "Xã", "Nhóm"],
        ["Trần Thị Mai", "198O", "O912345678", "Quế", "CTV"],
        ["Lê Văn Sáu", "1975", "0912345679/0987654321", "Quế", "CTV"],
        ["Phạm Thị Tư", "--/--/1981", "không có", "Quế", "CTV"]),
     ["Trần Thị Mai", "Lê Văn Sáu", "Phạm Thị Tư"]),
    ("Ký tự ẩn, chữ Ð lạ, dấu rời kiểu máy Mac", "csv", text(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"],
        ["\u200eÐặng Thị \u200bMai\ufeff", "1980", "Quê\u0301", "CTV"]), ["Đặng Thị Mai"]),
    ("Tiêu đề hai dòng gộp ô, năm sinh Nam, Nữ hai cột", "xlsx", xlsx(
        [CTV], ["STT", "Họ và tên", "Năm sinh", None, "Xã"], [None, None, "Nam", "Nữ"],
        [1, "Trần Văn Nam", 1970, None, "Quế"], [2, "Lê Thị Mai", None, 1972, "Quế"],
        merged=[(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4)]),
     ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Xã gộp ô theo cột, dòng tiêu đề lặp lại ở trang sau", "xlsx", xlsx(
        [CTV], ["STT", "Xã", "Họ và tên", "Năm sinh"], [1, "Quế", "Trần Văn Nam", 1970],
        [2, None, "Lê Thị Mai", 1972], ["STT", "Xã ", " Họ và tên", "Năm sinh"],
        [3, "Nguyễn Úy", "Lê Văn Sáu", 1975], merged=[(2, 1, 3, 1)]),
     ["Trần Văn Nam", "Lê Thị Mai", "Lê Văn Sáu"]),
    ("Năm sinh vô lý, ngày nhận việc trước chương trình", "xlsx", xlsx(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm", "Từ ngày"],
        ["Trần Văn Nam", 2012, "Quế", "CTV", None],
        ["Lê Thị Mai", 1972, "Quế", "CTV", date(1998, 1, 1)]), ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Một người ở hai xã", "ods", ods(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"], ["Trần Văn Nam", 1970, "Quế", "CTV"],
        ["Trần Văn Nam", 1970, "Nguyễn Úy", "CTV"]), ["Trần Văn Nam", "Trần Văn Nam"]),
    ("Cột “Trình độ”, “Ghi chú” không ai hỏi", "xlsx", xlsx(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm", "Trình độ", "Ghi chú"],
        ["Trần Văn Nam", 1970, "Quế", "CTV", "12/12", "mới"]), ["Trần Văn Nam"]),
    ("Chữ ký, nơi nhận ở cuối; tiêu ngữ ở đầu", "xls", xls(
        [KB, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [CTV],
        ["STT", "Họ và tên", "Năm sinh", "Xã"], [1, "Trần Văn Nam", 1970, "Quế"],
        [None, "Tổng cộng: 01 người"], [None, None, None, "Kim Bảng, ngày 5 tháng 9 năm 2014"],
        [None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG PHÒNG"], [None, "(Ký, ghi rõ họ tên)"],
        [None, "Nơi nhận:"], [None, "- Sở LĐTBXH;"], [None, "- Lưu: VT."]), ["Trần Văn Nam"]),
    ("Không có STT, tên xã là mã", "csv", text(
        ["Họ tên", "Sinh năm", "Mã xã", "Nhóm"], ["Trần Văn Nam", "1970", "13384", "CTV"]),
     ["Trần Văn Nam"]),
    ("Tên chỉ có một chữ, tên kèm năm sinh", "csv", text(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"], ["Hoa", "1980", "Quế", "CTV"],
        ["Lê Thị Mai - 1975", "1975", "Quế", "CTV"]), ["Hoa", "Lê Thị Mai"]),
    ("Không dấu cả danh sách", "csv", text(
        ["Ho va ten", "Nam sinh", "Xa", "Nhom"], ["Tran Thi Mai", "1980", "Que", "CTV"]),
     ["Tran Thi Mai"]),
    ("Chữ cách bằng tab, trích dẫn và xuống dòng trong ô", "txt", text(
        ["Họ và tên", "Năm sinh", "Xã", "Nhóm"], ['"Trần Thị\nMai"', "1980", "Quế", "CTV"],
        sign="\t"), ["Trần Thị Mai"]),
    ("Huyện ở cột riêng, một dòng xã và huyện không khớp", "xlsx", xlsx(
        ["Họ tên", "Năm sinh", "Xã", "Huyện", "Nhóm"],
        ["Trần Văn Nam", 1970, "X.Đức Lý", "H. Lý Nhân", "CTV"],
        ["Lê Thị Mai", 1971, "Đức Lý", "Kim Bảng", "CTV"]), ["Trần Văn Nam"]),
    ("Cán bộ huyện: “Phó phòng LĐTBXH”, “CV phòng LĐ”", "xlsx", xlsx(
        ["Họ tên", "Năm sinh", "Đơn vị", "Chức vụ"],
        ["Trần Văn Nam", 1970, "Phòng LĐTBXH huyện Kim Bảng", "Phó phòng LĐTBXH"],
        ["Lê Thị Mai", 1971, "Huyện Kim Bảng", "CV phòng LĐTBXH"]),
     ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Số thứ tự La Mã lẫn nhóm chức danh, không có cột chức danh", "xlsx", xlsx(
        [CTV + " NĂM 2014"], ["STT", "Họ và tên", "Năm sinh", "Xã"],
        ["I", "Cộng tác viên", None, None], [1, "Trần Văn Nam", 1970, "Quế"],
        ["II", "Cộng tác viên mới", None, None], [1, "Lê Thị Mai", 1971, "Quế"]),
     ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Hai bảng trong một trang, bảng sau ghi tiếp", "xlsx", xlsx(
        [CTV], ["STT", "Họ và tên", "Năm sinh", "Xã"], [1, "Trần Văn Nam", 1970, "Quế"], [None],
        [None], ["STT", "Họ và tên", "Năm sinh", "Xã"], [1, "Lê Thị Mai", 1971, "Nguyễn Úy"]),
     ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Tiêu đề xuống dòng, có (*), dòng số cột, bảng bắt đầu ở cột C", "xlsx", xlsx(
        [None], [None, None, CTV],
        [None, None, "STT", "HỌ VÀ\nTÊN (*)", "Ngày, tháng,\nnăm sinh", "Số ĐT liên hệ", "Xã/TT"],
        [None, None, "(1)", "(2)", "(3)", "(4)", "(5)"],
        [None, None, 1, "Trần Thị Mai", "5/3/80", "+84 912 345 678", "TT.Quế (H. Kim Bảng)"]),
     ["Trần Thị Mai"]),
    ("Họ, tên đệm, tên ba cột; dòng `sep=;` ở đầu", "csv", text(
        ["sep=;"], ["Họ", "Tên đệm", "Tên", "Năm sinh", "Xã", "Nhóm"],
        ["Trần", "Thị", "Mai", "1980", "Quế", "CTV"], sign=";"), ["Trần Thị Mai"]),
    ("Ô lỗi công thức #N/A, #REF!", "csv", text(
        ["Họ tên", "Năm sinh", "SĐT", "Xã", "Nhóm"],
        ["Trần Thị Mai", "1980", "#N/A", "Quế", "CTV"],
        ["Lê Văn Sáu", "#REF!", "0912345678", "Quế", "CTV"]), ["Trần Thị Mai"]),
    ("Hai bảng cạnh nhau", "xlsx", xlsx(
        [CTV], ["STT", "Họ và tên", "Năm sinh", "Xã", None, "STT", "Họ và tên", "Năm sinh", "Xã"],
        [1, "Trần Thị Mai", 1980, "Quế", None, 2, "Lê Văn Sáu", 1975, "Quế"]),
     ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("STT và họ tên một cột, địa bàn phụ trách", "xlsx", xlsx(
        [CTV], ["STT, Họ và tên", "Năm sinh", "Địa bàn phụ trách"],
        ["1. Trần Thị Mai", 1980, "Thôn 3, xã Nguyễn Úy"], ["2) Lê Văn Sáu", 1975, "TT Quế"]),
     ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("Hai người một ô", "csv", text(
        ["Họ tên", "Năm sinh", "Xã", "Nhóm"], ['"Trần Thị Mai, Lê Văn Sáu"', "1980", "Quế", "CTV"]),
     ["Trần Thị Mai"]),
    ("Xã ghi ở tên danh sách, năm sinh “sn 1980”", "xls", xls(
        ["UBND XÃ NGUYỄN ÚY"], ["DANH SÁCH CỘNG TÁC VIÊN XÃ NGUYỄN ÚY"],
        ["STT", "Họ và tên", "Năm sinh"], [1, "Trần Thị Mai", "sn 1980"]), ["Trần Thị Mai"]),
    ("Tiêu đề ba dòng “Thông tin cá nhân / Ngày sinh / Nam, Nữ”, ngày là số của Excel", "xlsx", xlsx(
        [KB], [CTV], ["STT", "Thông tin cá nhân", None, None, "Liên hệ"],
        [None, "Họ và tên", "Ngày, tháng, năm sinh", None, "Số ĐTDĐ"], [None, None, "Nam", "Nữ"],
        ["I", "XÃ NGUYỄN ÚY (02 người)"], [1, "Trần Văn Nam", 29000, None, 912345678],
        [2, "Lê Thị Mai", None, "12/03/1980"], [None, "(Danh sách này có 02 người)"],
        merged=[(2, 0, 4, 0), (2, 1, 2, 3), (3, 1, 4, 1), (3, 2, 3, 3), (3, 4, 4, 4)]),
     ["Trần Văn Nam", "Lê Thị Mai"]),
    ("Nhóm hai cấp: xã rồi thôn, “Cộng xã …: 2 người”, tiêu ngữ lặp lại giữa trang", "xlsx", xlsx(
        [CTV], ["STT", "Họ và tên", "Năm sinh", "SĐT"], ["A", "Xã Nguyễn Úy"], ["1", "Thôn 1"],
        [None, "Trần Văn Nam", 1970, None], ["2", "Thôn 2"], [None, "Lê Thị Mai", 1972, None],
        [None, "Cộng xã Nguyễn Úy: 2 người"], [KB], [CTV + " (tiếp theo)"],
        ["STT", "Họ và tên", "Năm sinh", "SĐT"], ["B", "Thị trấn Quế"], ["1", "Tổ 1"],
        [None, "Phạm Thị Tư", 1981, None]), ["Trần Văn Nam", "Lê Thị Mai", "Phạm Thị Tư"]),
    ("Trang web: xã ở tên danh sách, số điện thoại hiện rút gọn 9,12E+08", "xls", page(
        [CTV + " XÃ NGUYỄN ÚY - HUYỆN KIM BẢNG"], ["STT", "Họ và tên", "NS", "SĐT"],
        ["1", "Trần Thị Mai", "1980", ("9,12E+08", 912345678)]), ["Trần Thị Mai"]),
    ("Xã trong cột “Nơi ở”, dấu “” nt “”", "csv", text(
        ["Họ tên", "NS", "Nơi ở", "Nhóm"], ["Trần Thị Mai", "1980", "thôn 3 - Nguyễn Úy", "CTV"],
        ["Lê Văn Sáu", "1975", "” nt “", "CTV"]), ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("Cột “Nam”, “Nữ” đánh dấu √; “Địa chỉ công tác”; “Cán bộ TBXH”", "xlsx", xlsx(
        ["TT", "Họ và tên", "Giới tính", None, "NS", "Địa chỉ công tác", "Chức danh"],
        [None, None, "Nam", "Nữ"], [1, "Trần Thị Mai", None, "√", 1980, "Quế", "Cán bộ TBXH"],
        [2, "Lê Văn Sáu", "√", None, 1975, "Phòng LĐ-TBXH Kim Bảng", "Cán bộ TBXH"],
        merged=[(0, 2, 0, 3)]), ["Trần Thị Mai", "Lê Văn Sáu"]),
    ("Trẻ em nòng cốt với “Họ tên cha (mẹ)”, lớp, điện thoại", "xlsx", xlsx(
        ["DANH SÁCH TRẺ EM NÒNG CỐT XÃ NGUYỄN ÚY"],
        ["STT", "Họ và tên trẻ", "NS", "Nam/nữ", "Lớp", "Họ tên cha (mẹ)", "SĐT", "Ngày đồng ý"],
        [1, "Tạ Minh An", "2003", "Nam", "6A", "Tạ Văn Phú", "0912345678", date(2014, 9, 3)]),
     ["Tạ Minh An"]),
]  # fmt: skip
